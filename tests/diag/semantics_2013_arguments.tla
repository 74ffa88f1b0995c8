---- MODULE semantics_2013_arguments ----
Max(a, b) == a
x == Max(1)
y == Max
z == Max(1, 2, 3)
====
