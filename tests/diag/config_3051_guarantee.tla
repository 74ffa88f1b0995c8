---- MODULE config_3051_guarantee ----
EXTENDS Naturals
VARIABLE x
Spec == x = 0 /\ [][x' = 1 - x]_x
Settles == (<>(x = 1)) -+-> [](x < 2)
====
