\* cfg: Initial_Product.cfg
\* recorded: TLC cc6b616
\* expect: ok, 6 distinct, 12 generated, depth 1
\* cfg: Initial_Disjunct.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 7 generated, depth 1
\* cfg: Initial_Lazy.cfg
\* recorded: TLC cc6b616
\* expect: ok, 4 distinct, 10 generated, depth 1
\* cfg: Initial_Quantified.cfg
\* recorded: TLC cc6b616
\* expect: ok, 4 distinct, 8 generated, depth 1
\* cfg: Initial_Conditional.cfg
\* recorded: TLC cc6b616
\* expect: ok, 6 distinct, 12 generated, depth 1
\* cfg: Initial_Filtered.cfg
\* recorded: TLC cc6b616
\* expect: ok, 6 distinct, 12 generated, depth 1
---- MODULE Initial ----
(* Initial states: the same rules in the second code path. *)
EXTENDS Integers
VARIABLES x, y
Next == UNCHANGED <<x, y>>
Product == x \in 1..3 /\ y \in {x, x + 1}
Disjunct == \/ x = 1 /\ y = 2
            \/ x = 1 /\ y = 2
            \/ x = 2 /\ y \in {3, 3, 4}
Lazy == x \in SUBSET {1} \cup SUBSET {1, 2} /\ y = 0
Quantified == \E i \in 1..2, j \in 1..2 : x = i /\ y = j
Conditional == x \in 1..4 /\ IF x > 2 THEN y = x ELSE y \in {0, 1}
Filtered == x \in 0..5 /\ y \in 0..5 /\ x + y = 5
====
