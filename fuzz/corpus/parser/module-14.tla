---- MODULE M ----
x == a ++
b == c
====