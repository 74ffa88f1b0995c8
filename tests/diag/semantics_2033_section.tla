---- MODULE semantics_2033_section ----
RECURSIVE Fact(_)
VARIABLE v
Fact(n) == n
====
