---- MODULE semantics_2011_language ----
a \cup b == a
~a == a
====
