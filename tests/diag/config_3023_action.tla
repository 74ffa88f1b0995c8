---- MODULE config_3023_action ----
EXTENDS Naturals
VARIABLES x, y
vars == <<x, y>>
Init == x = 0 /\ y = 0
Next == x' = 1 - x /\ UNCHANGED y
Spec == Init /\ Next
====
