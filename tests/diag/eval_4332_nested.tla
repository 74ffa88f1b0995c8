---- MODULE eval_4332_nested ----
EXTENDS Naturals, SequencesExt
VARIABLE tower
Init == tower = 3
Stack(n) == FoldLeft(LAMBDA inner, i : <<inner>>, <<>>, [i \in 1..n |-> i])
Next == tower' = Stack(900000)
====
