---- MODULE syntax_1020_expected ----
a == IF x = 1 THEN 2
b == CHOOSE x in S : x = 1
c == x != y
d == [x \in S -> x]
e == if x then y else z
f == (x == y)
====
