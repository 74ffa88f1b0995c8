---- MODULE semantics_2030_undefined ----
RECURSIVE Fact(_)
x == 1
====
