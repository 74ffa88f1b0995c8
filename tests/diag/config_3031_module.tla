---- MODULE config_3031_module ----
EXTENDS Naturals
Limit == 3
VARIABLE x
Init == x = 0
Next == x' = x
Inv == x = 0
====
