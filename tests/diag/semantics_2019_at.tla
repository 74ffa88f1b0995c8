---- MODULE semantics_2019_at ----
x == @
====
