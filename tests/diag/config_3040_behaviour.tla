---- MODULE config_3040_behaviour ----
VARIABLE x
Init == x = 0
Next == x' = x
Inv == x = 0
====
