---- MODULE semantics_2007_unreadable ----
EXTENDS semantics_2007_loop
x == 1
====
