---- MODULE syntax_1032_local ----
a == LET LOCAL b == 1 IN b
====
