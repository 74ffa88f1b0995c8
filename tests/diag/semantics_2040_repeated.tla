---- MODULE semantics_2040_repeated ----
op == \A x \in {} : lbl(x, x) :: TRUE
====
