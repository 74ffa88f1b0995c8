---- MODULE eval_4305_unassigned ----
EXTENDS Naturals
VARIABLES big, small, poured
Init == big = 0 /\ small = 0 /\ poured = 0
Fill(jug) == jug = "big" /\ big' = 5 /\ poured' = poured + 5
Next == \E jug \in {"small", "big"} : Fill(jug)
====
