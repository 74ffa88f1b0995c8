---- MODULE semantics_2026_arity ----
---- MODULE Inner ----
CONSTANT Op(_)
====
Pair(a, b) == <<a, b>>
I == INSTANCE Inner WITH Op <- Pair
====
