---- MODULE config_3037_parameters ----
Within(k) == k = 0
VARIABLE x
Init == x = 0
Next == x' = x
Inv == x = 0
====
