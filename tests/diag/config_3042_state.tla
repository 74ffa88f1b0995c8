---- MODULE config_3042_state ----
CONSTANT C
VARIABLE x
Init == x = 0
Next == x' = x
Inv == x = 0
Moving == x
====
