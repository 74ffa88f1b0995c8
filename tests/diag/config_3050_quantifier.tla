---- MODULE config_3050_quantifier ----
EXTENDS Naturals
VARIABLE x
Spec == x = 0 /\ [][x' = 1 - x]_x
Settles == <>(\EE y : [](y = x))
====
