---- MODULE semantics_2063_eventually ----
VARIABLE v
op == <>(v' = v)
====
