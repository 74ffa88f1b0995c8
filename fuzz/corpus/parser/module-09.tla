---- MODULE M ----
x == 1 2
y == (1
z == 3
VARIABLE a b
w == LET q == IN 2
====