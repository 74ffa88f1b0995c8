\* workers: 1
\* recorded: TLC cc6b616
\* expect: ok, 208 distinct, 1249 generated, depth 7
---- MODULE NativeSieveUnrolled ----
(* Quantifiers over two variables within what is written once for each index: what the second one
   was for the index before decides nothing of the first. *)
EXTENDS Integers, FiniteSets

VARIABLES pairs, found, bare
vars == <<pairs, found, bare>>

Init == pairs = {} /\ found = [i \in 1..2 |-> FALSE] /\ bare = <<0, 0>>
Next == /\ \E a \in 1..3, b \in 0..1 : pairs' = pairs \cup {<<a, b>>}
        /\ found' = [i \in 1..2 |-> \E m \in pairs, k \in {i} : m[1] = k /\ m[2] = 1]
        /\ bare' = [i \in 1..2 |->
                      LET k == i + 1
                          all == \A m \in pairs, j \in {i} : m[1] = j => m[2] = 0
                      IN Cardinality({m \in pairs : m[1] = k}) + (IF all THEN 0 ELSE 10)]
Right == \A i \in 1..2 : found'[i] <=> <<i, 1>> \in pairs
Spec == Init /\ [][Next]_vars
Found == [][Right]_vars
====
