---- MODULE M ----
---- MODULE Inner ----
VARIABLE z
====
I == INSTANCE Inner
====
text
---- MODULE Second ----
a == 1
====