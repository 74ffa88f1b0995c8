---- MODULE semantics_2065_mixed ----
VARIABLE v
Spec == v = 0 /\ v' = 1 /\ []v
====
