\* Recursion in the ways emitted code knows: operators, functions, and functions in a LET that read
\* the arguments of the operator around.
\* args: -deadlock
\* recorded: TLC cc6b616
\* expect: ok, 22440 distinct, 121457 generated, depth 13
---- MODULE NativeRecursion ----
EXTENDS Naturals, Sequences, FiniteSets
VARIABLES n, s, q
RECURSIVE Fact(_)
Fact(k) == IF k = 0 THEN 1 ELSE k * Fact(k - 1)
RECURSIVE SumSet(_)
SumSet(S) == IF S = {} THEN 0 ELSE LET x == CHOOSE y \in S : TRUE IN x + SumSet(S \ {x})
fib[k \in 0..10] == IF k < 2 THEN k ELSE fib[k-1] + fib[k-2]
SumSeq(z) == LET f[i \in 0..Len(z)] == IF i = 0 THEN 0 ELSE f[i-1] + z[i] IN f[Len(z)]
RECURSIVE Reach(_)
Reach(S) == LET nx == S \cup {(x * 2) % 7 : x \in S} IN IF nx = S THEN S ELSE Reach(nx)
SumOver(f, S) == LET g[T \in SUBSET S] == IF T = {} THEN 0 ELSE LET x == CHOOSE y \in T : TRUE IN f[x] + g[T \ {x}] IN g[S]
Init == n = 0 /\ s = {} /\ q = <<>>
Next == \/ n < 5 /\ n' = n + 1 /\ UNCHANGED <<s, q>>
        \/ \E x \in 0..6 : SumSet(s) + x < 9 /\ s' = s \cup {x} /\ UNCHANGED <<n, q>>
        \/ \E x \in 0..3 : Len(q) < 3 /\ q' = Append(q, x) /\ UNCHANGED <<n, s>>
Inv == /\ Fact(n) <= 120
       /\ fib[n] <= 5
       /\ SumSeq(q) <= 9
       /\ Reach(s) \subseteq 0..6
       /\ SumOver([i \in 0..6 |-> i + n], s) >= SumSet(s)
====
