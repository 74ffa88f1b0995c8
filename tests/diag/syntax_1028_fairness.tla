---- MODULE syntax_1028_fairness ----
VARIABLE v
a == WF_v
b == SF_v(A, B)
====
