---- MODULE Another ----
x == 1
====
