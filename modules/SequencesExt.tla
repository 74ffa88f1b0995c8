---------------------------- MODULE SequencesExt ----------------------------
(***************************************************************************)
(* More operators on sequences.  Most are native; where a native deals     *)
(* with strings as well, the definition says nothing of them.              *)
(***************************************************************************)
EXTENDS Sequences, Naturals, FiniteSets, FiniteSetsExt, Folds, Functions, Bags, TLC

-----------------------------------------------------------------------------
(***************************************************************************)
(* Between sequences, sets and bags.                                       *)
(***************************************************************************)
ToSet(s) == {s[i] : i \in DOMAIN s}
ToBag(s) == [x \in ToSet(s) |-> Cardinality({i \in DOMAIN s : s[i] = x})]

(***************************************************************************)
(* A sequence that has each element of S once: any such sequence, all of   *)
(* them, the one that op sorts.  SetToSeq is native and takes the elements *)
(* in their order; SetToSeqs is native, too.                               *)
(***************************************************************************)
SetToSeq(S) == CHOOSE f \in [1..Cardinality(S) -> S] : IsInjective(f)
SetToSeqs(S) == {f \in [1..Cardinality(S) -> S] : IsInjective(f)}
SetToSortSeq(S, op(_, _)) == SortSeq(SetToSeq(S), op)

(***************************************************************************)
(* The sequences without repetition over S, whatever their length.         *)
(***************************************************************************)
SetToAllKPermutations(S) == UNION {SetToSeqs(T) : T \in SUBSET S}

(***************************************************************************)
(* The sequences over a set of length n, and of length n at most.          *)
(***************************************************************************)
TupleOf(set, n) == [1..n -> set]
SeqOf(set, n) == UNION {TupleOf(set, len) : len \in 0..n}
BoundedSeq(S, n) == SeqOf(S, n)
-----------------------------------------------------------------------------
Contains(s, e) == \E i \in 1..Len(s) : s[i] = e

(***************************************************************************)
(* op holds between every element and each one after it.                   *)
(***************************************************************************)
IsSorted(s, op(_, _)) ==
  \A i \in 1..Len(s) : \A j \in (i + 1)..Len(s) : op(s[i], s[j])

Reverse(s) == [i \in 1..Len(s) |-> s[(Len(s) + 1) - i]]

(***************************************************************************)
(* s without any e, and s with new wherever old was.                       *)
(***************************************************************************)
Remove(s, e) == SelectSeq(s, LAMBDA x : x # e)
ReplaceAll(s, old, new) == [i \in 1..Len(s) |-> IF s[i] = old THEN new ELSE s[i]]
-----------------------------------------------------------------------------
(***************************************************************************)
(* The first, or the last, index of an element that passes the test, in    *)
(* the whole sequence or between the two given indices; 0 if none does.    *)
(* All four are native.                                                    *)
(***************************************************************************)
SelectInSeq(seq, Test(_)) ==
  LET hits == {i \in 1..Len(seq) : Test(seq[i])}
  IN  IF hits = {} THEN 0 ELSE Min(hits)

SelectLastInSeq(seq, Test(_)) ==
  LET hits == {i \in 1..Len(seq) : Test(seq[i])}
  IN  IF hits = {} THEN 0 ELSE Max(hits)

SelectInSubSeq(seq, from, to, Test(_)) ==
  LET hits == {i \in from..to : Test(seq[i])}
  IN  IF hits = {} THEN 0 ELSE Min(hits)

SelectLastInSubSeq(seq, from, to, Test(_)) ==
  LET hits == {i \in from..to : Test(seq[i])}
  IN  IF hits = {} THEN 0 ELSE Max(hits)
-----------------------------------------------------------------------------
(***************************************************************************)
(* e put in front of the element with index i, put in its place, and the   *)
(* element with index i taken out.                                         *)
(***************************************************************************)
InsertAt(s, i, e) == SubSeq(s, 1, i - 1) \o <<e>> \o SubSeq(s, i, Len(s))
ReplaceAt(s, i, e) == [s EXCEPT ![i] = e]
RemoveAt(s, i) == SubSeq(s, 1, i - 1) \o SubSeq(s, i + 1, Len(s))

(***************************************************************************)
(* s without its first element that passes the test, or equals e; s itself *)
(* if there is none.  Both are native.                                     *)
(***************************************************************************)
RemoveFirstMatch(s, Test(_)) ==
  LET i == SelectInSeq(s, Test)
  IN  IF i = 0 THEN s ELSE RemoveAt(s, i)

RemoveFirst(s, e) == RemoveFirstMatch(s, LAMBDA x : x = e)
-----------------------------------------------------------------------------
(***************************************************************************)
(* An element added at the front, or at the back.                          *)
(***************************************************************************)
Cons(elt, seq) == <<elt>> \o seq
Snoc(elt, seq) == Append(seq, elt)

Front(s) == SubSeq(s, 1, Len(s) - 1)
Last(s) == s[Len(s)]
-----------------------------------------------------------------------------
(***************************************************************************)
(* s begins t, or ends t; strictly so if it is shorter.                    *)
(***************************************************************************)
IsPrefix(s, t) == Len(s) <= Len(t) /\ s = SubSeq(t, 1, Len(s))
IsStrictPrefix(s, t) == s # t /\ IsPrefix(s, t)

IsSuffix(s, t) == Len(s) <= Len(t) /\ s = SubSeq(t, (Len(t) - Len(s)) + 1, Len(t))
IsStrictSuffix(s, t) == s # t /\ IsSuffix(s, t)

(***************************************************************************)
(* All beginnings and all ends of s, <<>> and s among them.                *)
(***************************************************************************)
Prefixes(s) == {SubSeq(s, 1, n) : n \in 0..Len(s)}
Suffixes(s) == {SubSeq(s, i, Len(s)) : i \in 1..(Len(s) + 1)}

(***************************************************************************)
(* What all sequences in S begin with.                                     *)
(***************************************************************************)
CommonPrefixes(S) ==
  {p \in UNION {Prefixes(s) : s \in S} : \A t \in S : IsPrefix(p, t)}

LongestCommonPrefix(S) ==
  CHOOSE p \in CommonPrefixes(S) : \A q \in CommonPrefixes(S) : Len(q) <= Len(p)
-----------------------------------------------------------------------------
(***************************************************************************)
(* The remainder of a by b among 1..b: indices that go round.              *)
(***************************************************************************)
SeqMod(a, b) == IF a % b = 0 THEN b ELSE a % b

(***************************************************************************)
(* Folds.  FoldSeq leaves the order open, FoldLeft is                      *)
(*     op(... op(op(base, seq[1]), seq[2]) ..., seq[n])                    *)
(* and FoldRight is                                                        *)
(*     op(seq[1], op(seq[2], ... op(seq[n], base) ...))                    *)
(* The Domain variants take the indices instead of the elements.           *)
(***************************************************************************)
FoldSeq(op(_, _), base, seq) == FoldFunction(op, base, seq)

FoldLeft(op(_, _), base, seq) ==
  LET Upto[n \in 0..Len(seq)] == IF n = 0 THEN base ELSE op(Upto[n - 1], seq[n])
  IN  Upto[Len(seq)]

FoldRight(op(_, _), seq, base) ==
  LET From[n \in 1..(Len(seq) + 1)] ==
        IF n > Len(seq) THEN base ELSE op(seq[n], From[n + 1])
  IN  From[1]

FoldLeftDomain(op(_, _), base, seq) == FoldLeft(op, base, [i \in DOMAIN seq |-> i])
FoldRightDomain(op(_, _), seq, base) == FoldRight(op, [i \in DOMAIN seq |-> i], base)
-----------------------------------------------------------------------------
(***************************************************************************)
(* The sequences in seqs, one after the other.  No sequences at all are    *)
(* returned as they come, so that strings can be flattened as well.        *)
(***************************************************************************)
FlattenSeq(seqs) ==
  LET Upto[n \in 1..Len(seqs)] ==
        IF n = 1 THEN seqs[1] ELSE Upto[n - 1] \o seqs[n]
  IN  IF Len(seqs) = 0 THEN seqs ELSE Upto[Len(seqs)]

(***************************************************************************)
(* Pairs of elements with equal indices, as far as both sequences go.      *)
(***************************************************************************)
Zip(s, t) == [i \in 1..Min({Len(s), Len(t)}) |-> <<s[i], t[i]>>]

(***************************************************************************)
(* The elements of both in turn, each as a sequence of its own.  The two   *)
(* must be equally long; two empty sequences give two empty sequences.     *)
(***************************************************************************)
Interleave(s, t) ==
  CASE Len(s) = 0 /\ Len(t) = 0 -> <<<<>>, <<>>>>
    [] Len(s) > 0 /\ Len(t) = Len(s) ->
         [n \in 1..(2 * Len(s)) |->
            LET i == (n + 1) \div 2
            IN  IF n % 2 = 1 THEN <<s[i]>> ELSE <<t[i]>>]
-----------------------------------------------------------------------------
(***************************************************************************)
(* What can be cut out of s in one piece.                                  *)
(***************************************************************************)
SubSeqs(s) == {SubSeq(s, i + 1, j) : i \in 0..Len(s), j \in 0..Len(s)}

(***************************************************************************)
(* What is left of s if any of its elements are struck out.                *)
(***************************************************************************)
AllSubSeqs(s) ==
  LET Kept(D) == SelectSeq([i \in 1..Len(s) |-> i], LAMBDA i : i \in D)
      At(D) == [k \in 1..Len(Kept(D)) |-> s[Kept(D)[k]]]
  IN  {At(D) : D \in SUBSET (1..Len(s))}

LOCAL Occurs(s, t, i) ==
  LET to == (i + Len(s)) - 1
  IN  to <= Len(t) /\ SubSeq(t, i, to) = s

(***************************************************************************)
(* The index at which s is found in t first.                               *)
(***************************************************************************)
IndexFirstSubSeq(s, t) == Min({i \in 1..((Len(t) - Len(s)) + 1) : Occurs(s, t, i)})

(***************************************************************************)
(* r put into t: for the Len(s) elements from index i on; for the first s  *)
(* that is found; for each s, looking for the next one behind the one just *)
(* found.  If s is empty, r comes in front of t, or of each element of t.  *)
(* The last two have natives that deal with strings.                       *)
(***************************************************************************)
ReplaceSubSeqAt(i, r, s, t) ==
  SubSeq(t, 1, i - 1) \o r \o SubSeq(t, i + Len(s), Len(t))

ReplaceFirstSubSeq(r, s, t) ==
  IF s \in SubSeqs(t) THEN ReplaceSubSeqAt(IndexFirstSubSeq(s, t), r, s, t) ELSE t

ReplaceAllSubSeqs(r, s, t) ==
  LET From[i \in 1..(Len(t) + Len(s) + 1)] ==
        CASE i > Len(t) -> <<>>
          [] i <= Len(t) /\ Len(s) = 0 -> r \o <<t[i]>> \o From[i + 1]
          [] i <= Len(t) /\ Len(s) > 0 /\ Occurs(s, t, i) -> r \o From[i + Len(s)]
          [] OTHER -> <<t[i]>> \o From[i + 1]
  IN  CASE s = t -> r
        [] s # t /\ (r = s \/ Len(t) = 0) -> t
        [] OTHER -> From[1]
=============================================================================
