---- MODULE syntax_1003_string ----
a == "not closed
b == "closed"
====
