\*---- MODULE M ----
a == b
====