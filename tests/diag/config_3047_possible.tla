---- MODULE config_3047_possible ----
EXTENDS Naturals
VARIABLE x
Init == x = 0
Next == x' = 1 - x
At(n) == x = n
Always == []<>(x = 0)
====
