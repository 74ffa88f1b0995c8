---- MODULE semantics_2016_arity ----
Twice(F(_)) == F(F(1))
Pair(a, b) == <<a, b>>
x == Twice(Pair)
y == Twice(LAMBDA a, b : a)
====
