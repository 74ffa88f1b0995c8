---- MODULE semantics_2005_kinds ----
EXTENDS Naturals, semantics_2005_helper
x == 1
====
