---- MODULE semantics_2047_arguments ----
op == \A x \in {} : lbl(x) :: TRUE
op2 == op!lbl(0, 0)
====
