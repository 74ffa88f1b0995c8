---- MODULE syntax_1025_label ----
a == b + l :: c + d
e == M!f :: 1
====
