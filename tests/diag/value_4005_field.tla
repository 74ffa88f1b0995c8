---- MODULE value_4005_field ----

ASSUME [a |-> 1, b |-> 2].c = 0
====
