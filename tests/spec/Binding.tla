\* recorded: TLC cc6b616
\* expect: ok, 4 distinct, 4 generated, depth 4
---- MODULE Binding ----
(* How tightly operators bind, and where an item of a list of conjuncts ends. *)
EXTENDS Integers, FiniteSets
VARIABLE x
Init ==
  /\ \/ x = 0
     \/ x = 1
  /\ x # 1
Next ==
  /\ x < 3
  /\ \E y \in 1..2 : x + y = x + 1
  /\ x' = x + 1
Sets ==
  /\ 1..2 \cup {5} = {1, 2, 5}
  /\ {5} \cup 1..2 = {1, 2, 5}
  /\ Cardinality(1..3 \cap 2..9) = 2
  /\ 1..x + 1 \cup {9} \subseteq 1..9
Numbers ==
  /\ 7 - 2 - 1 = 4
  /\ 2 + 3 * 2 ^ 2 = 14
  /\ -2 ^ 2 = -4
  /\ -7 \div 2 = -3
  /\ 7 % 4 * 2 = 7
Ends ==
  /\ FALSE => FALSE
  /\ FALSE
Items == ~Ends
====
