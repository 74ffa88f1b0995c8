---- MODULE semantics_2060_level ----
VARIABLE v
op == v''
set == {[]v}
f(x) == x'
g == f(v')
====
