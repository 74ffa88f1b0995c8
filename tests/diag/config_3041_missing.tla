---- MODULE config_3041_missing ----
VARIABLE x
Init == x = 0
Next == x' = x
Inv == x = 0
====
