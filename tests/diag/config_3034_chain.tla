---- MODULE config_3034_chain ----
CONSTANTS N, M
Limit == 3
VARIABLE x
Init == x = 0
Next == x' = x
Inv == x = 0
====
