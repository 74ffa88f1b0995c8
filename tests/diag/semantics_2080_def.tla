---- MODULE semantics_2080_def ----
CONSTANT c
USE DEF c
====
