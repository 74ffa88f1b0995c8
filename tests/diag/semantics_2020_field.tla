---- MODULE semantics_2020_field ----
x == [a |-> 1, b |-> 2, a |-> 3]
====
