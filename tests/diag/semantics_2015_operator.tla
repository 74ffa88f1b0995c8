---- MODULE semantics_2015_operator ----
Twice(F(_)) == F(F(1))
x == Twice({})
====
