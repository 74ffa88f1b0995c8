---- MODULE eval_4312_tuple ----
EXTENDS Naturals
Edges == {<<1, 2>>, <<2, 3, 5>>}
ASSUME \A <<from, to>> \in Edges : from < to
====
