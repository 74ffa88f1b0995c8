---- MODULE semantics_2045_except ----
f[x \in {}] == x
op == [f EXCEPT ![0] = lbl :: 0]
====
