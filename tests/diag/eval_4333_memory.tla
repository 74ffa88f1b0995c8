---- MODULE eval_4333_memory ----
EXTENDS Naturals, Sequences
VARIABLE log
Init == log = <<>>
Table == [i \in 1..1000 |-> [j \in 1..900000 |-> i + Len(log)]]
Next == \/ /\ Len(log) < 2
           /\ log' = Append(log, Len(log))
        \/ /\ Len(log) = 2
           /\ log' = Table
====
