---- MODULE semantics_2064_leads ----
VARIABLE v
op == v ~> (v' = 1)
====
