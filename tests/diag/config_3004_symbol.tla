---- MODULE config_3004_symbol ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == x' = 1 - x
====
