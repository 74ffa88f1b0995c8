---- MODULE semantics_2025_target ----
---- MODULE Inner ----
CONSTANT Size
Double == <<Size, Size>>
====
I == INSTANCE Inner WITH Size <- 1, Double <- 2
J == INSTANCE Inner WITH Sice <- 1
====
