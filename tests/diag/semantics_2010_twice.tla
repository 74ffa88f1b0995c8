---- MODULE semantics_2010_twice ----
VARIABLE x
op(x) == 0
f == 1
f[a \in {}] == 0
g(b, b) == b
h == \A f \in {} : TRUE
====
