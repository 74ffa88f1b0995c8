---- MODULE config_3002_statement ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == x' = 1 - x
====
