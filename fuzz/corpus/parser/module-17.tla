---- MODULE M ----
A == x
---- MODULE I ----
B == (
====
C == y z
====