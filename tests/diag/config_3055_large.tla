---- MODULE config_3055_large ----
EXTENDS Naturals
VARIABLE x
Spec == x = 0 /\ [][x' = 1 - x]_x
Settles == \A a, b, c \in 1 .. 1000 : <>(x = a * b * c)
====
