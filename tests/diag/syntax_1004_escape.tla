---- MODULE syntax_1004_escape ----
a == "C:\dir"
b == "fine\n"
====
