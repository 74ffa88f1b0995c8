---- MODULE semantics_2017_lambda ----
Id(a) == a
x == Id(LAMBDA a : a)
y == Id(\cup)
====
