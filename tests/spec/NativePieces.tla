\* Sequences put together from pieces of others: emitted code and interpreter agree, also where
\* pieces of one sequence overlap, which emitted code has no room for.
\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 189 distinct, 2716 generated, depth 9
---- MODULE NativePieces ----
EXTENDS Integers, Sequences, SequencesExt
VARIABLES s, f
vars == <<s, f>>
Short(q) == SubSeq(q, 1, IF Len(q) > 5 THEN 5 ELSE Len(q))

Init == s = <<>> /\ f = [k \in 1..2 |-> <<k>>]
Next ==
  \/ \E e \in 1..2 : s' = Short(Append(s, e)) /\ UNCHANGED f
  \/ \E i \in 1..Len(s) : s' = RemoveAt(s, i) /\ UNCHANGED f
  \/ \E i \in 1..Len(s) + 1 : s' = Short(InsertAt(s, i, 1)) /\ UNCHANGED f
  \/ \E i \in 2..Len(s) : s' = Short(SubSeq(s, 1, i) \o SubSeq(s, i - 1, Len(s))) /\ UNCHANGED f
  \/ Len(s) = 2 /\ f' = [f EXCEPT ![s[1]] = SubSeq(@, 2, Len(@)) \o SubSeq(f[s[2]], 1, 1)] /\ s' = <<>>
Spec == Init /\ [][Next]_vars
====
