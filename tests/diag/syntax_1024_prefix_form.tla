---- MODULE syntax_1024_prefix_form ----
a == +(1, 2)
b == +(1)
====
