---- MODULE config_3026_next ----
EXTENDS Naturals
VARIABLES x, y
vars == <<x, y>>
Init == x = 0 /\ y = 0
Next == x' = 1 - x /\ UNCHANGED y
Spec == Init /\ WF_vars(Next)
====
