\* Definitions that call each other, in emitted code: each equals the table of its values upon
\* constants, which the interpreter computes.
\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 81 distinct, 353 generated, depth 17
---- MODULE NativeMutual ----
EXTENDS Integers, Sequences, FiniteSets
VARIABLES x, y
vars == <<x, y>>

RECURSIVE Even(_), Odd(_)
Even(n) == IF n = 0 THEN TRUE ELSE Odd(n - 1)
Odd(n) == IF n = 0 THEN FALSE ELSE Even(n - 1)

\* Of three, with an end in one of them only; and within each other.
RECURSIVE Up(_, _), Down(_, _), Flat(_)
Up(n, s) == Down(n - 1, Append(s, n))
Down(n, s) == IF n < 1 THEN Flat(s) ELSE IF Even(n) THEN Up(n, s) ELSE Down(n - 1, s)
Flat(s) == IF Len(s) > 2 THEN Flat(Tail(s)) ELSE s

\* Functions and operators.
RECURSIVE Total(_)
f[n \in 0..8] == IF n = 0 THEN 1 ELSE f[n - 1] + Total(n - 1)
Total(n) == IF n = 0 THEN 0 ELSE LET g[m \in 0..n] == IF m = 0 THEN Total(n - 1) ELSE g[m - 1] + 1
                                 IN  g[n]

\* Sets whose shape grows on the way round.
RECURSIVE Left(_), Right(_)
Left(n) == IF n <= 0 THEN {} ELSE {n} \cup Right(n - 1)
Right(n) == IF n <= 0 THEN {0} ELSE {n * n} \cup Left(n - 2)

\* Grows beyond what emitted code has room for.
RECURSIVE Long(_, _)
Long(n, s) == IF n = 0 THEN s ELSE Long(n - 1, Append(s, n % 3))

All(n, m) == <<Even(n + m), Odd(n), Up(n + 1, <<m>>), Flat(<<n, m, n>>), Total(n), f[m],
               Cardinality(Left(n)), Right(m) \cap 0..9, Long(16 * n, <<m>>)[8 * n + 1]>>
Init == x = 0 /\ y = 0
Next == \/ x' \in 0..8 /\ x' - x \in {-1, 1} /\ UNCHANGED y
        \/ y' \in 0..8 /\ y' - y \in {-1, 1} /\ Even(y') = Odd(y) /\ UNCHANGED x
        \/ Odd(x + y) /\ UNCHANGED vars
        \/ y # 0 /\ Long(15 * y + x, <<>>)[1] = 0 /\ UNCHANGED vars
Spec == Init /\ [][Next]_vars
Table == [n \in 0..8, m \in 0..8 |-> All(n, m)]
Same == All(x, y) = Table[x, y]
====
