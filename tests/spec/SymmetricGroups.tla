\* cfg: SymmetricGroups_None.cfg
\* recorded: TLC cc6b616
\* expect: ok, 31885 distinct, 110081 generated, depth 4
\* cfg: SymmetricGroups_Union.cfg
\* recorded: TLC cc6b616
\* expect: ok, 1275 distinct, 7041 generated, depth 4
\* cfg: SymmetricGroups_Cyclic.cfg
\* recorded: TLC cc6b616
\* expect: ok, 5614 distinct, 21761 generated, depth 4
\* cfg: SymmetricGroups_Exchange.cfg
\* recorded: TLC cc6b616
\* expect: ok, 16853 distinct, 62657 generated, depth 4
\* cfg: SymmetricGroups_Single.cfg
\* not recorded: TLC takes a set written with as many operands as it has members for one without permutations
\* expect: ok, 16853 distinct, 62657 generated, depth 4
\* cfg: SymmetricGroups_Linked.cfg
\* recorded: TLC cc6b616
\* expect: ok, 8611 distinct, 33537 generated, depth 4
\* cfg: SymmetricGroups_All.cfg
\* recorded: TLC cc6b616
\* expect: ok, 255 distinct, 1420 generated, depth 4
\* cfg: SymmetricGroups_Uneven.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: ok, 255 distinct, 1420 generated, depth 4
\* cfg: SymmetricGroups_View.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: ok, 1169 distinct, 6593 generated, depth 4
\* cfg: SymmetricGroups_Broken.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: violates OneLog, 88 distinct, 359 generated, depth 3, trace 3
---- MODULE SymmetricGroups ----
\* Groups of permutations of every sort, over states that hold model values in every place: elements, fields,
\* domains, sequences, sets of sets. The strings "p1" and "q1" are spelled like model values and stay.
EXTENDS Naturals, Sequences, FiniteSets, TLC
CONSTANTS p1, p2, p3, p4, q1, q2
VARIABLES net, table, sets, log, map, steps
vars == <<net, table, sets, log, map, steps>>

P == {p1, p2, p3, p4}
Q == {q1, q2}
Fixed(f) == [x \in P \cup Q |-> IF x \in DOMAIN f THEN f[x] ELSE x]

Union == Permutations(P) \cup Permutations(Q)
Cyclic == {(p1 :> p2) @@ (p2 :> p3) @@ (p3 :> p4) @@ (p4 :> p1)} \cup Permutations(Q)
Exchange == {f \in Permutations(P) : f[p2] = p2 /\ f[p4] = p4}
Single == {(p1 :> p3) @@ (p3 :> p1)}
Linked == UNION {{Fixed((p1 :> p2) @@ (p2 :> p1) @@ (q1 :> q2) @@ (q2 :> q1)), Fixed((p3 :> p4) @@ (p4 :> p3))}}
All == Permutations(P \cup Q)

Init == /\ net = {} /\ table = [p \in P |-> "q1"] /\ sets = {} /\ log = <<>>
        /\ map = <<>> /\ steps = 0

Send == \E a, b \in P : a # b /\ net' = net \cup {[from |-> a, to |-> b, text |-> "p1"]}
                        /\ UNCHANGED <<table, sets, log, map>>
Assign == \E a \in P, q \in Q : table' = [table EXCEPT ![a] = q] /\ UNCHANGED <<net, sets, log, map>>
Group == \E a, b \in P : sets' = sets \cup {{a, b}} /\ UNCHANGED <<net, table, log, map>>
Note == \E a \in P : log' = Append(log, <<a, table[a]>>) /\ UNCHANGED <<net, table, sets, map>>
Map == \E a \in P, b \in P \cup Q : map' = (a :> {b}) @@ map /\ UNCHANGED <<net, table, sets, log>>
Next == steps < 3 /\ steps' = steps + 1 /\ (Send \/ Assign \/ Group \/ Note \/ Map)
Spec == Init /\ [][Next]_vars

\* Not symmetric: what is found then depends on which state of an orbit came first.
Uneven == steps < 3 /\ steps' = steps + 1
          /\ \/ Assign
             \/ Map
             \/ /\ log' = Append(log, CHOOSE p \in P : table[p] = "q1" \/ p = p4)
                /\ UNCHANGED <<net, table, sets, map>>
UnevenSpec == Init /\ [][Uneven]_vars

View == <<net, table, sets, log, map>>

Fine == steps <= 3
OneLog == Len(log) < 2 \/ log[1] = log[2]
====
