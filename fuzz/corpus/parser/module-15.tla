---- MODULE M ----
x == 1
EXTENDS N
y == 2
====