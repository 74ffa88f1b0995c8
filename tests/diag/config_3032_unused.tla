---- MODULE config_3032_unused ----
VARIABLE x
Init == x = 0
Next == x' = x
Inv == x = 0
====
