---- MODULE config_3033_arity ----
CONSTANT N
Pair(a, b) == <<a, b>>
VARIABLE x
Init == x = 0
Next == x' = x
Inv == x = 0
====
