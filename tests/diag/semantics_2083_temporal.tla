---- MODULE semantics_2083_temporal ----
VARIABLE v
THEOREM []v
<1> HAVE v
<1> QED
====
