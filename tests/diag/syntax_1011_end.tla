---- MODULE syntax_1011_end ----
a == 1
