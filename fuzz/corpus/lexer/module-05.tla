---- MODULE M ----
x == 1
