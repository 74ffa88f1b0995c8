-------------------------- MODULE SequenceTheorems --------------------------
(***************************************************************************)
(* Facts about the operators of module Sequences, for proofs to cite.      *)
(***************************************************************************)
EXTENDS Sequences, Functions
LOCAL INSTANCE NaturalsInduction
LOCAL INSTANCE TLAPS

LEMMA SeqDef ==
  ASSUME NEW S
  PROVE  Seq(S) = UNION {[1..len -> S] : len \in Nat}

THEOREM ElementOfSeq ==
  ASSUME NEW S, NEW s \in Seq(S), NEW i \in 1..Len(s)
  PROVE  s[i] \in S

THEOREM EmptySeq ==
  ASSUME NEW S
  PROVE  /\ <<>> \in Seq(S)
         /\ Len(<<>>) = 0
         /\ \A s \in Seq(S) : s # <<>> => Len(s) \in Nat \ {0}

THEOREM LenProperties ==
  ASSUME NEW S, NEW s \in Seq(S)
  PROVE  /\ Len(s) \in Nat
         /\ DOMAIN s = 1..Len(s)
         /\ s \in [1..Len(s) -> S]

THEOREM IsASeq ==
  ASSUME NEW S, NEW e(_), NEW len \in Nat, \A i \in 1..len : e(i) \in S
  PROVE  [i \in 1..len |-> e(i)] \in Seq(S)

THEOREM ExceptSeq ==
  ASSUME NEW S, NEW s \in Seq(S), NEW x \in S, NEW k \in 1..Len(s)
  PROVE  LET changed == [s EXCEPT ![k] = x]
         IN  /\ changed \in Seq(S)
             /\ Len(changed) = Len(s)
             /\ \A i \in 1..Len(s) : changed[i] = IF i = k THEN x ELSE s[i]

THEOREM SeqEqual ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S),
         Len(s) = Len(t), \A i \in 1..Len(s) : s[i] = t[i]
  PROVE  s = t

THEOREM SeqMonotonic ==
  ASSUME NEW S, NEW T, S \subseteq T, NEW s \in Seq(S)
  PROVE  s \in Seq(T)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Concatenation.                                                          *)
(***************************************************************************)
THEOREM ConcatProperties ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  /\ s \o t \in Seq(S)
         /\ Len(s \o t) = Len(s) + Len(t)
         /\ \A i \in 1..(Len(s) + Len(t)) :
              (s \o t)[i] = IF i > Len(s) THEN t[i - Len(s)] ELSE s[i]

THEOREM ConcatEmptySeq ==
  ASSUME NEW S, NEW s \in Seq(S)
  PROVE  <<>> \o s = s /\ s \o <<>> = s

THEOREM ConcatEqualIffEmpty ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  /\ s \o t = s <=> t = <<>>
         /\ s \o t = t <=> s = <<>>
         /\ s \o t = <<>> <=> s = <<>> /\ t = <<>>

THEOREM ConcatAssociative ==
  ASSUME NEW S, NEW r \in Seq(S), NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  r \o (s \o t) = (r \o s) \o t

THEOREM ConcatSimplifications ==
  /\ idRight:: \A S : \A s, t \in Seq(S) : s \o t = s => t = <<>>
  /\ idLeft:: \A S : \A s, t \in Seq(S) : s \o t = t => s = <<>>
  /\ concIsEmpty:: \A S : \A s, t \in Seq(S) : s \o t = <<>> => s = <<>> /\ t = <<>>
  /\ cancelLeft:: \A S : \A r, s, t \in Seq(S) : r \o s = r \o t => s = t
  /\ cancelRight:: \A S : \A r, s, t \in Seq(S) : s \o r = t \o r => s = t
-----------------------------------------------------------------------------
(***************************************************************************)
(* Subsequences, heads and tails.                                          *)
(***************************************************************************)
THEOREM SubSeqProperties ==
  ASSUME NEW S, NEW s, NEW from \in Int, NEW to \in Int, \A i \in from..to : s[i] \in S
  PROVE  /\ SubSeq(s, from, to) \in Seq(S)
         /\ Len(SubSeq(s, from, to)) = IF from <= to THEN (to - from) + 1 ELSE 0
         /\ \A i \in 1..((to - from) + 1) : SubSeq(s, from, to)[i] = s[(from + i) - 1]

THEOREM SubSeqEmpty ==
  ASSUME NEW s, NEW from \in Int, NEW to \in Int, to < from
  PROVE  SubSeq(s, from, to) = <<>>

THEOREM SubSeqRange ==
  ASSUME NEW S, NEW s \in Seq(S), NEW from \in 1..Len(s), NEW to \in 1..Len(s)
  PROVE  Range(SubSeq(s, from, to)) \subseteq Range(s)

THEOREM HeadTailProperties ==
  ASSUME NEW S, NEW s \in Seq(S), s # <<>>
  PROVE  /\ Head(s) \in S /\ Head(s) \in Range(s)
         /\ Tail(s) \in Seq(S) /\ Range(Tail(s)) \subseteq Range(s)
         /\ Len(Tail(s)) = Len(s) - 1
         /\ \A i \in 1..Len(Tail(s)) : Tail(s)[i] = s[i + 1]

THEOREM TailIsSubSeq ==
  ASSUME NEW S, NEW s \in Seq(S), s # <<>>
  PROVE  SubSeq(s, 2, Len(s)) = Tail(s)

THEOREM SubSeqRestrict ==
  ASSUME NEW S, NEW s \in Seq(S), NEW len \in 0..Len(s)
  PROVE  Restrict(s, 1..len) = SubSeq(s, 1, len)

THEOREM HeadTailOfSubSeq ==
  ASSUME NEW S, NEW s \in Seq(S), NEW from \in 1..Len(s), NEW to \in from..Len(s)
  PROVE  /\ Head(SubSeq(s, from, to)) = s[from]
         /\ Tail(SubSeq(s, from, to)) = SubSeq(s, from + 1, to)

THEOREM SubSeqRecursive ==
  ASSUME NEW S, NEW s \in Seq(S), NEW from \in 1..Len(s), NEW to \in from..Len(s)
  PROVE  /\ SubSeq(s, from, to) = <<s[from]>> \o SubSeq(s, from + 1, to)
         /\ SubSeq(s, from, to) = SubSeq(s, from, to - 1) \o <<s[to]>>

THEOREM SubSeqOfSubSeq ==
  ASSUME NEW S, NEW s \in Seq(S), NEW i \in 1..Len(s), NEW j \in 1..Len(s),
         NEW from \in 1..((j - i) + 1), NEW to \in 1..((j - i) + 1)
  PROVE  SubSeq(SubSeq(s, i, j), from, to) = SubSeq(s, (i + from) - 1, (i + to) - 1)

THEOREM ConcatAdjacentSubSeq ==
  ASSUME NEW S, NEW s \in Seq(S), NEW from \in 1..(Len(s) + 1),
         NEW cut \in (from - 1)..Len(s), NEW to \in cut..Len(s)
  PROVE  SubSeq(s, from, to) = SubSeq(s, from, cut) \o SubSeq(s, cut + 1, to)

(***************************************************************************)
(* A piece that lies in the first sequence, or in the second one.          *)
(***************************************************************************)
THEOREM SubSeqOfConcat1 ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S),
         NEW from \in 1..Len(s), NEW to \in 1..Len(s)
  PROVE  SubSeq(s, from, to) = SubSeq(s \o t, from, to)

THEOREM SubSeqOfConcat2 ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S),
         NEW from \in (Len(s) + 1)..(Len(s) + Len(t)),
         NEW to \in (Len(s) + 1)..(Len(s) + Len(t))
  PROVE  SubSeq(t, from - Len(s), to - Len(s)) = SubSeq(s \o t, from, to)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Append.                                                                 *)
(***************************************************************************)
THEOREM AppendProperties ==
  ASSUME NEW S, NEW s \in Seq(S), NEW x \in S
  PROVE  /\ Append(s, x) \in Seq(S) /\ Append(s, x) # <<>>
         /\ Len(Append(s, x)) = Len(s) + 1
         /\ Append(s, x)[Len(s) + 1] = x
         /\ \A i \in 1..Len(s) : Append(s, x)[i] = s[i]
         /\ Range(Append(s, x)) = {x} \cup Range(s)

THEOREM AppendIsConcat ==
  ASSUME NEW S, NEW s \in Seq(S), NEW x \in S
  PROVE  s \o <<x>> = Append(s, x)

THEOREM HeadTailAppend ==
  ASSUME NEW S, NEW s \in Seq(S), NEW x
  PROVE  /\ Head(Append(s, x)) = IF s # <<>> THEN Head(s) ELSE x
         /\ Tail(Append(s, x)) = IF s # <<>> THEN Append(Tail(s), x) ELSE <<>>

THEOREM AppendInjective ==
  ASSUME NEW S, NEW s \in Seq(S), NEW x \in S, NEW t \in Seq(S), NEW y \in S
  PROVE  (Append(s, x) = Append(t, y)) <=> (x = y /\ s = t)

THEOREM SequenceEmptyOrAppend ==
  ASSUME NEW S, NEW s \in Seq(S), s # <<>>
  PROVE  \E t \in Seq(S) : \E x \in S : s = Append(t, x)

(***************************************************************************)
(* Induction on the length.                                                *)
(***************************************************************************)
THEOREM SequencesInductionAppend ==
  ASSUME NEW P(_), NEW S,
         P(<<>>),
         \A s \in Seq(S) : \A x \in S : P(s) => P(Append(s, x))
  PROVE  \A s \in Seq(S) : P(s)

THEOREM SequencesInductionTail ==
  ASSUME NEW P(_), NEW S,
         P(<<>>),
         \A s \in Seq(S) : s # <<>> /\ P(Tail(s)) => P(s)
  PROVE  \A s \in Seq(S) : P(s)
-----------------------------------------------------------------------------
(***************************************************************************)
(* The elements of a sequence.                                             *)
(***************************************************************************)
THEOREM RangeOfSeq ==
  ASSUME NEW S, NEW s \in Seq(S)
  PROVE  Range(s) \in SUBSET S

THEOREM RangeEquality ==
  ASSUME NEW S, NEW s \in Seq(S)
  PROVE  {s[i] : i \in 1..Len(s)} = Range(s)

THEOREM SeqOfRange ==
  ASSUME NEW S, NEW s \in Seq(S)
  PROVE  s \in Seq(Range(s))

THEOREM RangeConcatenation ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  Range(s) \cup Range(t) = Range(s \o t)

(***************************************************************************)
(* Sequences without repetition.                                           *)
(***************************************************************************)
LEMMA EmptySingletonIsInjective ==
  IsInjective(<<>>) /\ \A x : IsInjective(<<x>>)

LEMMA ConcatInjectiveSeq ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  IsInjective(s \o t) <=>
           Range(s) \cap Range(t) = {} /\ IsInjective(s) /\ IsInjective(t)

LEMMA AppendInjectiveSeq ==
  ASSUME NEW S, NEW s \in Seq(S), NEW x \in S
  PROVE  IsInjective(Append(s, x)) <=> x \notin Range(s) /\ IsInjective(s)

LEMMA TailInjectiveSeq ==
  ASSUME NEW S, NEW s \in Seq(S), s # <<>>, IsInjective(s)
  PROVE  IsInjective(Tail(s)) /\ Range(Tail(s)) = Range(s) \ {Head(s)}
=============================================================================
