---- MODULE semantics_2051_prove ----
THEOREM thm == ASSUME TRUE PROVE TRUE
op == thm
====
