---- MODULE semantics_2023_missing ----
---- MODULE Inner ----
CONSTANT Size
====
I == INSTANCE Inner
====
