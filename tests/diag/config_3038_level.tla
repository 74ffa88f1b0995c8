---- MODULE config_3038_level ----
VARIABLE x
Init == x = 0
Next == x' = x
Inv == x = 0
Moves == x' # x
====
