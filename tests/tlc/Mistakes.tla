------------------------------ MODULE Mistakes ------------------------------
(* One mistake for each K. *)
EXTENDS Integers, Sequences, FiniteSets, TLC
CONSTANT K
VARIABLES a, b
Op(x) == CASE K = 1 -> x + "s"
           [] K = 2 -> <<1, 2>>[x + 3]
           [] K = 3 -> [i \in 1..3 |-> i][x + 7]
           [] K = 4 -> Head(<<>>)
           [] K = 5 -> x \div 0
           [] K = 6 -> IF x THEN 1 ELSE 2
           [] K = 7 -> CHOOSE i \in 1..3 : i > 5
           [] K = 8 -> Cardinality(x)
           [] K = 9 -> IF x = "a" THEN 1 ELSE 2
           [] K = 10 -> IF 1 \in x THEN 1 ELSE 2
           [] K = 11 -> CASE x = 5 -> 2
Init == a = 0 /\ b = 0
Next == /\ a < 1
        /\ a' = Op(a + 1)
        /\ UNCHANGED b
=============================================================================
