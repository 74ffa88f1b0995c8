---- MODULE config_3007_string ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == x' = 1 - x
====
