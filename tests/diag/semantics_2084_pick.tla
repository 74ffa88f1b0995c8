---- MODULE semantics_2084_pick ----
VARIABLE v
THEOREM TRUE
<1> PICK x \in v : []v
<1> QED
====
