---- MODULE semantics_2067_temporal ----
VARIABLE v
op == \E x \in []v : TRUE
====
