---- MODULE semantics_2042_foreign ----
op(x) == \A y \in {} : lbl(x, y) :: TRUE
====
