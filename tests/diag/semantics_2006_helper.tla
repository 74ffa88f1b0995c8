---- MODULE semantics_2006_helper ----
a + b == a
====
