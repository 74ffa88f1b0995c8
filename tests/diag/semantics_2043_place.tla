---- MODULE semantics_2043_place ----
ASSUME lbl :: TRUE
====
