---- MODULE config_3003_name ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == x' = 1 - x
====
