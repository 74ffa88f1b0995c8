---- MODULE config_3036_formula ----
VARIABLE x
Init == x = 0
Next == x' = x
Inv == x = 0
====
