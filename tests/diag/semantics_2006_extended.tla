---- MODULE semantics_2006_extended ----
EXTENDS semantics_2006_helper, Naturals
x == 1 + 2
====
