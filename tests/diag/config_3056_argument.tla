---- MODULE config_3056_argument ----
EXTENDS Naturals
VARIABLE x
Spec == x = 0 /\ [][x' = 1 - x]_x
At(F(_), n) == F(n)
Settles == At(LAMBDA k : <>(x = k), CHOOSE n \in {0, 1} : n # x)
====
