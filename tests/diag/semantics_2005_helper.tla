---- MODULE semantics_2005_helper ----
CONSTANT _ + _
====
