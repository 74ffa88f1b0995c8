---- MODULE config_3024_property ----
EXTENDS Naturals
VARIABLES x, y
vars == <<x, y>>
Init == x = 0 /\ y = 0
Next == x' = 1 - x /\ UNCHANGED y
Spec == Init /\ [][Next]_vars
Grows == x' > x
====
