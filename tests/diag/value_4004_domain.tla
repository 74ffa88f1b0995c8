---- MODULE value_4004_domain ----

ASSUME <<7, 8>>[3] = 0
====
