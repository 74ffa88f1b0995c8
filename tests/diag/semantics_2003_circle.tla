---- MODULE semantics_2003_circle ----
EXTENDS semantics_2003_second
x == 1
====
