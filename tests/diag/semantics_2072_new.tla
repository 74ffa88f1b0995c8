---- MODULE semantics_2072_new ----
VARIABLE v
THEOREM ASSUME NEW x \in []v PROVE TRUE
====
