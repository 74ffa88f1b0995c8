---- MODULE semantics_2041_missing ----
op == \A x \in {} : lbl :: TRUE
====
