---- MODULE eval_4309_temporal ----
EXTENDS Naturals
CONSTANT Fair
VARIABLE x
Eventually == <>(x = 2)
ASSUME Fair
====
