---- MODULE semantics_2024_twice ----
---- MODULE Inner ----
CONSTANT Size
====
I == INSTANCE Inner WITH Size <- 1, Size <- 2
====
