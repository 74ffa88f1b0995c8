---- MODULE semantics_2061_assume ----
VARIABLE v
ASSUME v = 1
====
