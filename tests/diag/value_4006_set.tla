---- MODULE value_4006_set ----

ASSUME 1 \in 2
====
