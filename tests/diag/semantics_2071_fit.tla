---- MODULE semantics_2071_fit ----
VARIABLE v
apply(F(_), x) == F(x)
op == apply(', v')
====
