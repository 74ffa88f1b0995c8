---- MODULE config_3020_quantifier ----
EXTENDS Naturals
VARIABLES x, y
vars == <<x, y>>
Init == x = 0 /\ y = 0
Next == x' = 1 - x /\ UNCHANGED y
Spec == Init /\ [][Next]_vars /\ \EE z : [](z = x)
====
