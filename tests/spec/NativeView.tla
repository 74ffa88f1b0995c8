\* args: --native-wait
\* workers: 1
\* recorded: TLC cc6b616
\* expect: ok, 2898 distinct, 9913 generated, depth 10
\* cfg: NativeView_Part.cfg
\* args: --native-wait
\* workers: 1
\* recorded: TLC cc6b616
\* expect: ok, 10878 distinct, 21673 generated, depth 10
\* cfg: NativeView_One.cfg
\* args: --native-wait
\* workers: 1
\* recorded: TLC cc6b616
\* expect: ok, 5 distinct, 28 generated, depth 4
---- MODULE NativeView ----
\* VIEW in emitted code: states with equal views are one; the view may have another shape than any variable.
EXTENDS Integers, Sequences, FiniteSets
VARIABLES q, m, n

Init == q = <<>> /\ m = [i \in 1..2 |-> {}] /\ n = 0
Send == \E i \in 1..2, v \in {"a", "b", "c"} :
            /\ Len(q) < 3
            /\ q' = Append(q, [to |-> i, what |-> v])
            /\ UNCHANGED <<m, n>>
Receive == /\ q # <<>>
           /\ m' = [m EXCEPT ![Head(q).to] = @ \cup {Head(q).what}]
           /\ q' = Tail(q)
           /\ n' = n + 1
Next == Send \/ Receive
Spec == Init /\ [][Next]_<<q, m, n>>
Bound == n < 4

\* Without the counter; the messages as a set.
View == [sent |-> {q[i] : i \in 1..Len(q)}, got |-> m, size |-> Len(q)]
\* A tuple of variables.
Part == <<q, m>>
\* A number, or a set of numbers.
One == IF q = <<>> THEN Cardinality(m[1]) ELSE {Cardinality(m[2]), Len(q)}
====
