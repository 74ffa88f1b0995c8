\* recorded: TLC cc6b616
\* expect: ok, 2448 distinct, 15837 generated, depth 4
---- MODULE Walks ----
EXTENDS Naturals, FiniteSets, Sequences
VARIABLES s, n, f, r, q, k
vars == <<s, n, f, r, q, k>>
P == {"p1", "p2", "p3"}
Init == s = {} /\ n = 0 /\ f = [p \in P |-> 0] /\ r = [a |-> 0, b |-> "x"] /\ q = <<>> /\ k = 0
Tick == k < 3 /\ k' = k + 1
U(v) == UNCHANGED v
A1 == Tick /\ \E x \in SUBSET s : n' = Cardinality(x) /\ U(<<s, f, r, q>>)
A2 == Tick /\ s' \in SUBSET {n, n + 1, 3} /\ U(<<n, f, r, q>>)
A3 == Tick /\ f' \in [P -> {0, n}] /\ U(<<s, n, r, q>>)
A4 == Tick /\ r' \in [a : {n, 1}, b : {"x", "y"}] /\ U(<<s, n, f, q>>)
A5 == Tick /\ \E <<x, y>> \in s \X (0..n) : q' = <<x, y>> /\ n' = 0 /\ U(<<s, f, r>>)
A6 == Tick /\ \E x, y \in 0..n, z \in s : x < y /\ n' = x /\ q' = <<z, y>> /\ U(<<s, f, r>>)
A7 == Tick /\ \E x \in {y \in SUBSET {0, 1, n} : Cardinality(y) = 2} : s' = x /\ U(<<n, f, r, q>>)
A8 == Tick /\ \E x \in (SUBSET {1, n}) \ {{}} : s' = x /\ U(<<n, f, r, q>>)
A9 == Tick /\ n' \in {y \in 0..3 : y # n} /\ U(<<s, f, r, q>>)
B1 == Tick /\ n' \in s \cup {n, 2} /\ U(<<s, f, r, q>>)
B2 == Tick /\ s' \in (SUBSET {1, 2}) \cup (SUBSET {2, n}) /\ U(<<n, f, r, q>>)
B3 == Tick /\ n' \in UNION {1..2, 2..n} /\ U(<<s, f, r, q>>)
B4 == Tick /\ \E i \in DOMAIN q : n' = q[i] /\ U(<<s, f, r, q>>)
B5 == Tick /\ \E i \in 1..Len(q) : n' = q[i] /\ q' = Tail(q) /\ U(<<s, f, r>>)
B6 == Tick /\ \E x \in {<<a, b>> \in {0, n} \X {1, 2} : a < b} : q' = x /\ U(<<s, n, f, r>>)
B7 == Tick /\ LET m == CHOOSE m \in [P -> 0..1] : \E p \in P : m[p] = 1 IN f' = m /\ U(<<s, n, r, q>>)
B8 == Tick /\ \E x \in {n, n, 1} : n' = x /\ s' = s \cup {x} /\ U(<<f, r, q>>)
B9 == Tick /\ \E g \in [1..2 -> {n, 2}] : q' = g /\ U(<<s, n, f, r>>)
C1 == Tick /\ \E x \in {[a |-> i, b |-> j] : i \in {0, n}, j \in {"x", "y"}} : r' = x /\ U(<<s, n, f, q>>)
C2 == Tick /\ \E h \in [{"a", "b"} -> {0, n}] : n' = h.a /\ U(<<s, f, r, q>>)
Next == A1 \/ A2 \/ A3 \/ A4 \/ A5 \/ A6 \/ A7 \/ A8 \/ A9 \/ B1 \/ B2 \/ B3 \/ B4 \/ B5 \/ B6 \/ B7 \/ B8 \/ B9 \/ C1 \/ C2
Spec == Init /\ [][Next]_vars
Inv == /\ \A x \in SUBSET s : x \subseteq s
       /\ \A g \in [P -> {0, n}] : \E p \in P : g[p] \in {0, n}
       /\ s \subseteq 0..9 /\ n \in 0..9
       /\ \A <<x, y>> \in s \X s : x + y >= x
====
