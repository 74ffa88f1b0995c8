---- MODULE config_3001_character ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == x' = 1 - x
====
