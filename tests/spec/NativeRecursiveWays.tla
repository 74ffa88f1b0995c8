\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 64 distinct, 26215 generated, depth 9
---- MODULE NativeRecursiveWays ----
\* Recursive formulas of an action hold in several ways: each way is a successor of its own.
EXTENDS Integers, FiniteSets
VARIABLES x, s

vars == <<x, s>>

\* As many ways as there are paths down to zero.
Safe(b) ==
    LET F[n \in 0..3] == \/ n = 0
                         \/ \E m \in 0..(n - 1) : m \in s \cup {0} /\ F[m]
    IN  F[b]
\* The instances of \A multiply, in the recursion too.
All(b) ==
    LET F[n \in 0..2] == n = 0 \/ (n > 0 /\ (\A e \in s : e >= n \/ e >= 0 \/ e = n - 1) /\ F[n - 1])
    IN  F[b] /\ F[b]

RECURSIVE Reach(_, _)
Reach(n, left) == \/ n = 0
                  \/ n > 0 /\ \E e \in left : Reach(n - 1, left \ {e})

RECURSIVE Single(_)
Single(n) == IF n = 0 THEN TRUE ELSE n \in s /\ Single(n - 1)

Init == x = 0 /\ s = {}
Step1 == Safe(x) /\ x' = (x + 1) % 4 /\ UNCHANGED s
Step2 == x < 3 /\ All(x) /\ s' = s \cup {x} /\ x' = x
Step3 == s' \in SUBSET (s \cup {x}) /\ Safe(x) /\ x' = 0
Step4 == s # {} /\ Reach(x, s) /\ s' = {} /\ UNCHANGED x
Step5 == Single(x) /\ x' = x /\ s' = s \ {x}
\* Behind the last assignment the same formulas are Booleans.
Step6 == x' = 3 - x /\ s' = {} /\ Safe(x') /\ All(0) /\ Reach(x, s)
Next == Step1 \/ Step2 \/ Step3 \/ Step4 \/ Step5 \/ Step6
Spec == Init /\ [][Next]_vars

TypeOK == x \in 0..3 /\ s \subseteq 0..3
====
