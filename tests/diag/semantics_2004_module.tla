---- MODULE semantics_2004_module ----
EXTENDS Naturals
---- MODULE Naturals ----
====
x == 1
====
