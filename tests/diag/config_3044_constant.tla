---- MODULE config_3044_constant ----
EXTENDS Naturals
CONSTANT N
VARIABLE x
Init == x = 0
Next == x' = 1 - x
Large == N > 3
Count == N + 1
Odd == N % 2 = 1
====
