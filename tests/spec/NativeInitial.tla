\* Emitted initial predicates: order, repetitions, errors and traces are the interpreter's.
\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 60 distinct, 136 generated, depth 5
\* cfg: NativeInitialWrong.cfg
\* recorded: TLC cc6b616
\* expect: violates Wrong
\* expect: prints 30 states generated, 11 distinct states found
\* workers: 1
\* cfg: NativeInitialError.cfg
\* recorded: TLC cc6b616
\* expect: error FM4004, exit 75, 3 distinct, 3 generated, depth 1
\* workers: 1
\* cfg: NativeInitialOpen.cfg
\* recorded: TLC cc6b616
\* expect: error FM4306, exit 255, trace 1
\* expect: prints 2 states generated, 2 distinct states found
\* workers: 1
\* cfg: NativeInitialLate.cfg
\* recorded: TLC cc6b616
\* expect: error FM4004, exit 75, 300 distinct, 300 generated, depth 1
\* workers: 1
---- MODULE NativeInitial ----
EXTENDS Integers, Sequences, FiniteSets
VARIABLES x, y, z, q
vars == <<x, y, z, q>>

Pick(S, Op(_)) == \E e \in S : Op(e)
Twice(P) == P /\ (P \/ P)
Sorted(s) == \A i \in 1..Len(s) - 1 : s[i] <= s[i + 1]
Init ==
  /\ x \in {2, 0, 1, 3}
  /\ \/ y = x
     \/ LET n == x + 1 IN y \in {n, 2 * n} /\ n # 3
     \/ x = 0 /\ y = x
  /\ y < 5
  /\ \A i \in {1, 2} : i # 2 \/ y >= x
  /\ IF x > 1 THEN z \subseteq {x, y} \ {3} ELSE Pick({x, y}, LAMBDA e : z = {e, y - e})
  /\ CASE z = {} -> q = <<>>
       [] Cardinality(z) = 1 -> q \in [1..2 -> z \cup {x}] /\ Sorted(q)
       [] OTHER -> q = <<x>> \o SubSeq(<<y, y>>, 1, x)
  /\ Twice(q = q \/ x = 1)
Move == x' = (x + 1) % 4 /\ UNCHANGED <<y, z, q>>
Turn == Len(q) = 2 /\ q' = <<q[2], q[1]>> /\ UNCHANGED <<x, y, z>>
Next == Move \/ Turn
Small == y + Cardinality(z) < 6 /\ (x # 0 \/ Len(q) < 3)
Wrong == ~(x = 3 /\ y = 4 /\ z = {4})
Spec == Init /\ [][Next]_vars

InitError == x \in 0..3 /\ y = x + 1 /\ z = {y} /\ q = <<x, x>> /\ (x < 2 \/ q[x] < 3 \/ q[y] = 0)
InitOpen == x \in 0..3 /\ y = x + 1 /\ z = {y} /\ (x = 2 \/ q = <<x, x>>)
InitLate == x \in 0..400 /\ y = x /\ z = {} /\ q = <<>> /\ (x # 300 \/ q[1] = 0)
====
