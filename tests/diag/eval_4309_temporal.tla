---- MODULE eval_4309_temporal ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == x' = 1 - x
Soon == <>(x = 1)
====
