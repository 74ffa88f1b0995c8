---- MODULE semantics_2031_arity ----
RECURSIVE Fact(_)
Fact(n, m) == n
====
