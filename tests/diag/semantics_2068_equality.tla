---- MODULE semantics_2068_equality ----
---- MODULE Inner ----
CONSTANT F(_)
====
op(x) == x'
I == INSTANCE Inner WITH F <- op
====
