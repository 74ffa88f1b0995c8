---- MODULE eval_4333_constant ----
EXTENDS Naturals
VARIABLE x
Table == [i \in 1..1000 |-> [j \in 1..900000 |-> <<i>>]]
Init == x = 0
Next == x' = 1 - x /\ (x = 2 => Table[1][1] = 1)
====
