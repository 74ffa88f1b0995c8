\* Emitted code and interpreter agree: each operator upon variables equals the table of its values
\* upon constants, which the interpreter computes.
\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 2250 distinct, 15526 generated, depth 12
---- MODULE NativeSequences ----
EXTENDS Integers, Sequences, SequencesExt, Functions, FiniteSets
VARIABLES s, t, m, n
vars == <<s, t, m, n>>

SeqsTo(k) == UNION {[1..j -> {1, 2}] : j \in 0..k}
Ints == -1..3

Init == s = <<>> /\ t = <<>> /\ m = 0 /\ n = 0
Next ==
  \/ \E e \in {1, 2} : Len(s) < 3 /\ s' = Append(s, e) /\ UNCHANGED <<t, m, n>>
  \/ s # <<>> /\ s' = Tail(s) /\ UNCHANGED <<t, m, n>>
  \/ Len(t) < 2 /\ t' = t \o <<1>> /\ UNCHANGED <<s, m, n>>
  \/ Len(t) < 2 /\ t' = <<2>> \o t /\ UNCHANGED <<s, m, n>>
  \/ t # <<>> /\ t' = SubSeq(t, 1, Len(t) - 1) /\ UNCHANGED <<s, m, n>>
  \/ m < 3 /\ m' = m + 1 /\ UNCHANGED <<s, t, n>>
  \/ m > -1 /\ m' = m - 1 /\ UNCHANGED <<s, t, n>>
  \/ n < 3 /\ n' = n + 1 /\ UNCHANGED <<s, t, m>>
  \/ n > -1 /\ n' = -(1 - n) /\ UNCHANGED <<s, t, m>>
Spec == Init /\ [][Next]_vars

Larger(x) == x > 1
Sums(f) == FoldFunction(+, 0, f)
Digits(f) == FoldLeft(LAMBDA a, x : 10 * a + x, 0, f)
DigitsR(f) == FoldRight(LAMBDA x, a : 10 * a + x, f, 0)
InDomain(f, i, j) == i > j \/ (i \in 1..Len(f) /\ j \in 1..Len(f))

OfOne == [f \in SeqsTo(3) |->
  <<Len(f), Reverse(f), ToSet(f), Range(f), SelectSeq(f, Larger), Sums(f), Digits(f), DigitsR(f),
    Contains(f, 2), DOMAIN f, Cons(2, f), Remove(f, 1), [i \in 1..Len(f) |-> f[i] * i],
    {i \in 1..Len(f) : f[i] = 1}, \E i \in DOMAIN f : f[i] = 2>>]
One == <<Len(s), Reverse(s), ToSet(s), Range(s), SelectSeq(s, Larger), Sums(s), Digits(s), DigitsR(s),
    Contains(s, 2), DOMAIN s, Cons(2, s), Remove(s, 1), [i \in 1..Len(s) |-> s[i] * i],
    {i \in 1..Len(s) : s[i] = 1}, \E i \in DOMAIN s : s[i] = 2>> = OfOne[s]

OfNonempty == [f \in SeqsTo(3) \ {<<>>} |->
  <<Head(f), Tail(f), Last(f), [f EXCEPT ![1] = @ + 3], [f EXCEPT ![Len(f)] = 0, ![1] = @ + 1]>>]
Nonempty == s # <<>> =>
  <<Head(s), Tail(s), Last(s), [s EXCEPT ![1] = @ + 3], [s EXCEPT ![Len(s)] = 0, ![1] = @ + 1]>>
    = OfNonempty[s]

OfTwo == [f \in SeqsTo(3), g \in SeqsTo(2) |-> <<f \o g, g \o f, f = g, f \o f = g \o g, {f, g}>>]
Two == <<s \o t, t \o s, s = t, s \o s = t \o t, {s, t}>> = OfTwo[s, t]

OfSub == [f \in SeqsTo(3), i \in Ints, j \in Ints |->
  IF InDomain(f, i, j) THEN SubSeq(f, i, j) ELSE <<"none">>]
Sub == InDomain(s, m, n) => SubSeq(s, m, n) = OfSub[s, m, n]

OfInts == [i \in Ints, j \in Ints |->
  <<i + j, i - j, i * j, -i, i < j, i <= j, i > j, i >= j, i..j, Cardinality(i..j),
    {x * x : x \in i..j}, i \in j..2, i..2 \subseteq j..3, (j + 2) ^ (i + 1), i \div (j + 2), i % (j + 2)>>]
Numbers == <<m + n, m - n, m * n, -m, m < n, m <= n, m > n, m >= n, m..n, Cardinality(m..n),
    {x * x : x \in m..n}, m \in n..2, m..2 \subseteq n..3, (n + 2) ^ (m + 1), m \div (n + 2), m % (n + 2)>>
    = OfInts[m, n]
====
