---- MODULE config_3052_action ----
EXTENDS Naturals
VARIABLE x
Spec == x = 0 /\ [][x' = 1 - x]_x
Always(F) == []F
Settles == <>(x = 1) => Always(x' >= x)
====
