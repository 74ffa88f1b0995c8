---- MODULE syntax_1022_precedence ----
a == p /\ q \/ r
b == S \cup T \ {1}
c == x = y = z
d == ENABLED x'
e == 2 * -1
====
