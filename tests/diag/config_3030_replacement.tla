---- MODULE config_3030_replacement ----
EXTENDS Naturals
CONSTANT N
Limit == 3
VARIABLE x
Init == x = 0
Next == x' = x
Inv == x = 0
====
