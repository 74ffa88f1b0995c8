\* workers: 1
\* recorded: TLC cc6b616
\* expect: ok, 188 distinct, 1369 generated, depth 5
---- MODULE SymmetricView ----
\* A VIEW that tells the images of a state apart is evaluated on the least one. There is one variable: among
\* several, TLC compares in an order of its own.
EXTENDS Naturals, Sequences, FiniteSets, TLC
CONSTANTS p1, p2, p3, q1, q2
VARIABLE s
P == {p1, p2, p3}
Q == {q1, q2}
Perms == Permutations(P) \cup Permutations(Q)
Init == s = [log |-> <<>>, map |-> [p \in P |-> {}], pairs |-> {}, steps |-> 0]
Note == \E a \in P : s' = [s EXCEPT !.log = Append(@, <<a, "q1">>), !.steps = @ + 1]
Map == \E a \in P, b \in P \cup Q : s' = [s EXCEPT !.map[a] = @ \cup {b}, !.steps = @ + 1]
Pair == \E a \in P, q \in Q : s' = [s EXCEPT !.pairs = @ \cup {[of |-> a, to |-> {q, a}]}, !.steps = @ + 1]
Next == s.steps < 4 /\ (Note \/ Map \/ Pair)
Spec == Init /\ [][Next]_s
View == <<s.log, p2 \in s.map[p1], q1 \in s.map[p3], {r \in s.pairs : r.of # p1}, s.steps>>
Fine == s.steps <= 4
====
