---- MODULE semantics_2070_applied ----
VARIABLE v
op(F(_)) == F(v')
op2 == op(')
====
