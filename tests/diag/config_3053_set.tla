---- MODULE config_3053_set ----
EXTENDS Naturals
VARIABLE x
Spec == x = 0 /\ [][x' = 1 - x]_x
Settles == \A n \in {x} : <>(x # n)
Returns == \A n : []<>(x = n)
====
