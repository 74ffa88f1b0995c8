---- MODULE M ----
x == 1 (* open 
====