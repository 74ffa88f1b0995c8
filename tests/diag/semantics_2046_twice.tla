---- MODULE semantics_2046_twice ----
op == {lbl :: 0, lbl :: 1}
====
