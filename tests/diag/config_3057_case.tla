---- MODULE config_3057_case ----
EXTENDS Naturals
VARIABLE x
Spec == x = 0 /\ [][x' = 1 - x]_x
Settles == [](CASE x = 0 -> <>(x = 1) [] x = 1 -> <>(x = 0))
====
