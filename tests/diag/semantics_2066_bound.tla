---- MODULE semantics_2066_bound ----
VARIABLE v
op == \E x \in v' : []v
====
