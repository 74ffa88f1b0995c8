---- MODULE syntax_1023_missing ----
a ==
b == 1 +
c == 3
====
