---- MODULE config_3008_simulated ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == x' = 1 - x
Small == x
Said == x = 1
====
