\* Under SYMMETRY, values that emitted code holds boxed: its fingerprints are the interpreter's, which
\* generates every successor once more.
\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 71 distinct, 1429 generated, depth 5
---- MODULE NativeSymmetricBoxed ----
EXTENDS Integers, Sequences, TLC
CONSTANTS p1, p2, p3
VARIABLES big, log
P == {p1, p2, p3}
Perms == Permutations(P)
Init == big = <<>> /\ log = <<>>
Next == \/ \E a, b \in P : big' = [i \in 1..700 |-> <<a, i, IF i = 300 THEN b ELSE a>>] /\ log' = log
        \/ \E a \in P : Len(log) < 3 /\ log' = Append(log, a) /\ big' = big
        \/ \A z \in {Len(log)} : \E a, b \in P : big' = [i \in 1..700 |-> <<a, i, IF i = 300 THEN b ELSE a>>] /\ log' = log
        \/ \A z \in {Len(log)} : \E a \in P : Len(log) < 3 /\ log' = Append(log, a) /\ big' = big
====
