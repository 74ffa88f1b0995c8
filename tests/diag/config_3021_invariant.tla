---- MODULE config_3021_invariant ----
EXTENDS Naturals
VARIABLES x, y
vars == <<x, y>>
Init == x = 0 /\ y = 0
Next == x' = 1 - x /\ UNCHANGED y
Spec == Init /\ [](x < 2) /\ [][Next]_vars
====
