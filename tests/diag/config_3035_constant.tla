---- MODULE config_3035_constant ----
CONSTANTS N, Procs
VARIABLE x
Init == x = 0
Next == x' = x
Inv == x = 0
====
