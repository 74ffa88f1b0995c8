---- MODULE value_4001_kinds ----

ASSUME 1 = "a"
====
