---- MODULE value_4003_function ----

ASSUME 3[1] = 2
====
