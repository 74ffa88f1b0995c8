---- MODULE semantics_2018_function ----
f[a \in {}, b \in {}] == a
x == f[1, 2, 3]
====
