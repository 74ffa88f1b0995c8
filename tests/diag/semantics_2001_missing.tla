---- MODULE semantics_2001_missing ----
EXTENDS Naturals, Sequenzes
J == INSTANCE NoSuchModule
x == 1
====
