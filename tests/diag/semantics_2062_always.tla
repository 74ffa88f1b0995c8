---- MODULE semantics_2062_always ----
VARIABLE v
op == [](v' = v)
====
