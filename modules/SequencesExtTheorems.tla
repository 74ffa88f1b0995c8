------------------------ MODULE SequencesExtTheorems ------------------------
(***************************************************************************)
(* Facts about the operators of module SequencesExt, for proofs to cite.   *)
(***************************************************************************)
EXTENDS Sequences, SequencesExt, Functions, Integers, WellFoundedInduction

THEOREM SeqOfSeq ==
  ASSUME NEW S, NEW n \in Int
  PROVE  {s \in Seq(S) : Len(s) <= n} = SeqOf(S, n)
-----------------------------------------------------------------------------
(***************************************************************************)
(* An element in front.                                                    *)
(***************************************************************************)
THEOREM ConsProperties ==
  ASSUME NEW S, NEW s \in Seq(S), NEW x \in S
  PROVE  /\ Cons(x, s) \in Seq(S) /\ Cons(x, s) # <<>>
         /\ Len(Cons(x, s)) = Len(s) + 1
         /\ Head(Cons(x, s)) = x /\ Cons(x, s)[1] = x
         /\ Tail(Cons(x, s)) = s
         /\ \A i \in 1..Len(s) : Cons(x, s)[i + 1] = s[i]
         /\ \A i \in 2..(Len(s) + 1) : Cons(x, s)[i] = s[i - 1]

THEOREM ConsEmpty ==
  ASSUME NEW x
  PROVE  Cons(x, <<>>) = <<x>>

THEOREM ConsHeadTail ==
  ASSUME NEW S, NEW s \in Seq(S), s # <<>>
  PROVE  s = Cons(Head(s), Tail(s))

THEOREM ConsAppend ==
  ASSUME NEW S, NEW s \in Seq(S), NEW x \in S, NEW y \in S
  PROVE  Append(Cons(x, s), y) = Cons(x, Append(s, y))

THEOREM ConsConcat ==
  ASSUME NEW S, NEW x \in S, NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  Cons(x, s \o t) = Cons(x, s) \o t

THEOREM ConsInjective ==
  ASSUME NEW S, NEW x \in S, NEW s \in Seq(S), NEW y \in S, NEW t \in Seq(S)
  PROVE  (Cons(x, s) = Cons(y, t)) <=> (s = t /\ x = y)

THEOREM SequencesInductionCons ==
  ASSUME NEW P(_), NEW S,
         P(<<>>),
         \A s \in Seq(S) : \A x \in S : P(s) => P(Cons(x, s))
  PROVE  \A s \in Seq(S) : P(s)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Elements of a sequence.                                                 *)
(***************************************************************************)
THEOREM ContainsRange ==
  ASSUME NEW S, NEW s \in Seq(S), NEW x
  PROVE  x \in Range(s) <=> Contains(s, x)

THEOREM ContainsEmpty ==
  ASSUME NEW x
  PROVE  ~Contains(<<>>, x)

THEOREM ContainsSingleton ==
  ASSUME NEW S, NEW y
  PROVE  \A x : Contains(<<y>>, x) <=> x = y

THEOREM ContainsAppend ==
  ASSUME NEW S, NEW s \in Seq(S), NEW y, NEW x
  PROVE  Contains(Append(s, y), x) <=> x = y \/ Contains(s, x)

THEOREM ContainsCons ==
  ASSUME NEW S, NEW s \in Seq(S), NEW y, NEW x
  PROVE  Contains(Cons(y, s), x) <=> x = y \/ Contains(s, x)

THEOREM ContainsConcat ==
  ASSUME NEW S, NEW s \in Seq(S), NEW T, NEW t \in Seq(T), NEW x
  PROVE  Contains(s \o t, x) <=> Contains(s, x) \/ Contains(t, x)

THEOREM ContainsTail ==
  ASSUME NEW S, NEW s \in Seq(S), s # <<>>, NEW x
  PROVE  Contains(Tail(s), x) => Contains(s, x)

THEOREM ContainsTailExceptHead ==
  ASSUME NEW S, NEW s \in Seq(S), s # <<>>, NEW x, Contains(s, x), Head(s) # x
  PROVE  Contains(Tail(s), x)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Sorted sequences.  Only what a theorem assumes of op is needed.         *)
(***************************************************************************)
THEOREM SortedEmpty ==
  ASSUME NEW op(_, _)
  PROVE  IsSorted(<<>>, op)

THEOREM SortedSingleton ==
  ASSUME NEW op(_, _), NEW S, NEW x \in S
  PROVE  IsSorted(<<x>>, op)

THEOREM SortedAppend ==
  ASSUME NEW S, NEW op(_, _),
         \A x \in S : \A y \in S : \A z \in S : op(x, y) /\ op(y, z) => op(x, z),
         NEW s \in Seq(S), IsSorted(s, op),
         NEW x \in S, s = <<>> \/ op(s[Len(s)], x)
  PROVE  IsSorted(Append(s, x), op)

THEOREM SortedConcat ==
  ASSUME NEW S, NEW op(_, _),
         \A x \in S : \A y \in S : \A z \in S : op(x, y) /\ op(y, z) => op(x, z),
         NEW s \in Seq(S), IsSorted(s, op), NEW t \in Seq(S), IsSorted(t, op),
         Len(s) = 0 \/ Len(t) = 0 \/ op(s[Len(s)], t[1])
  PROVE  IsSorted(s \o t, op)

THEOREM SortedInjective ==
  ASSUME NEW S, NEW op(_, _), \A x \in S : ~op(x, x),
         NEW s \in Seq(S), IsSorted(s, op)
  PROVE  IsInjective(s)

THEOREM SortedSubSeq ==
  ASSUME NEW S, NEW op(_, _), NEW s \in Seq(S), IsSorted(s, op),
         NEW from \in 1..(Len(s) + 1), NEW to \in 0..Len(s)
  PROVE  IsSorted(SubSeq(s, from, to), op)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Elements put in and taken out.                                          *)
(***************************************************************************)
THEOREM InsertAtProperties ==
  ASSUME NEW S, NEW s \in Seq(S), NEW k \in 1..(Len(s) + 1), NEW x \in S
  PROVE  /\ InsertAt(s, k, x) \in Seq(S)
         /\ Len(InsertAt(s, k, x)) = Len(s) + 1
         /\ \A i \in 1..(Len(s) + 1) :
              InsertAt(s, k, x)[i] =
                IF i = k THEN x ELSE IF i < k THEN s[i] ELSE s[i - 1]

THEOREM RemoveAtProperties ==
  ASSUME NEW S, NEW s \in Seq(S), NEW k \in 1..Len(s)
  PROVE  /\ RemoveAt(s, k) \in Seq(S)
         /\ Len(RemoveAt(s, k)) = Len(s) - 1
         /\ \A i \in 1..(Len(s) - 1) :
              RemoveAt(s, k)[i] = IF i >= k THEN s[i + 1] ELSE s[i]
-----------------------------------------------------------------------------
(***************************************************************************)
(* The last element and those before it.                                   *)
(***************************************************************************)
THEOREM FrontProperties ==
  ASSUME NEW S, NEW s \in Seq(S)
  PROVE  /\ Front(s) \in Seq(S)
         /\ Len(Front(s)) = IF s # <<>> THEN Len(s) - 1 ELSE 0
         /\ \A i \in 1..(Len(s) - 1) : Front(s)[i] = s[i]

THEOREM FrontOfEmpty == <<>> = Front(<<>>)

THEOREM LastProperties ==
  ASSUME NEW S, NEW s \in Seq(S), s # <<>>
  PROVE  Last(s) \in S /\ s = Append(Front(s), Last(s))

THEOREM FrontLastOfSubSeq ==
  ASSUME NEW S, NEW s \in Seq(S), NEW from \in 1..Len(s), NEW to \in from..Len(s)
  PROVE  /\ Front(SubSeq(s, from, to)) = SubSeq(s, from, to - 1)
         /\ Last(SubSeq(s, from, to)) = s[to]

THEOREM FrontLastAppend ==
  ASSUME NEW S, NEW s \in Seq(S), NEW x \in S
  PROVE  Front(Append(s, x)) = s /\ Last(Append(s, x)) = x

LEMMA FrontInjectiveSeq ==
  ASSUME NEW S, NEW s \in Seq(S), s # <<>>, IsInjective(s)
  PROVE  IsInjective(Front(s)) /\ Range(Front(s)) = Range(s) \ {Last(s)}

THEOREM SequencesInductionFront ==
  ASSUME NEW P(_), NEW S,
         P(<<>>),
         \A s \in Seq(S) : s # <<>> /\ P(Front(s)) => P(s)
  PROVE  \A s \in Seq(S) : P(s)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Backwards.                                                              *)
(***************************************************************************)
THEOREM ReverseProperties ==
  ASSUME NEW S, NEW s \in Seq(S)
  PROVE  Reverse(s) \in Seq(S) /\ Len(Reverse(s)) = Len(s) /\ s = Reverse(Reverse(s))

THEOREM ReverseEmpty == <<>> = Reverse(<<>>)

THEOREM ReverseSingleton ==
  ASSUME NEW x
  PROVE  <<x>> = Reverse(<<x>>)

THEOREM ReverseEqual ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S), Reverse(t) = Reverse(s)
  PROVE  t = s

THEOREM ReverseEmptyIffEmpty ==
  ASSUME NEW S, NEW s \in Seq(S), <<>> = Reverse(s)
  PROVE  <<>> = s

THEOREM ReverseConcat ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  Reverse(t) \o Reverse(s) = Reverse(s \o t)

THEOREM ReverseAppend ==
  ASSUME NEW S, NEW s \in Seq(S), NEW x \in S
  PROVE  Cons(x, Reverse(s)) = Reverse(Append(s, x))

THEOREM ReverseCons ==
  ASSUME NEW S, NEW s \in Seq(S), NEW x \in S
  PROVE  Append(Reverse(s), x) = Reverse(Cons(x, s))

THEOREM ReverseSubSeq ==
  ASSUME NEW S, NEW s \in Seq(S), NEW from \in 1..Len(s), NEW to \in 0..Len(s)
  PROVE  Reverse(SubSeq(s, from, to))
           = SubSeq(Reverse(s), (Len(s) - to) + 1, (Len(s) - from) + 1)

THEOREM ReversePalindrome ==
  ASSUME NEW S, NEW s \in Seq(S), s = Reverse(s)
  PROVE  s \o s = Reverse(s \o s)

THEOREM LastEqualsHeadReverse ==
  ASSUME NEW S, NEW s \in Seq(S), s # <<>>
  PROVE  Head(Reverse(s)) = Last(s)

THEOREM ReverseFrontEqualsTailReverse ==
  ASSUME NEW S, NEW s \in Seq(S), s # <<>>
  PROVE  Tail(Reverse(s)) = Reverse(Front(s))

THEOREM RangeReverse ==
  ASSUME NEW S, NEW s \in Seq(S)
  PROVE  DOMAIN s = DOMAIN Reverse(s) /\ Range(s) = Range(Reverse(s))
-----------------------------------------------------------------------------
(***************************************************************************)
(* Beginnings.                                                             *)
(***************************************************************************)
THEOREM IsPrefixProperties ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  /\ IsPrefix(s, t) <=> (\E rest \in Seq(S) : t = s \o rest)
         /\ IsPrefix(s, t) <=> s = SubSeq(t, 1, Len(s)) /\ Len(s) <= Len(t)
         /\ IsPrefix(s, t) <=> s = Restrict(t, DOMAIN s) /\ Len(s) <= Len(t)

THEOREM IsStrictPrefixProperties ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  /\ IsStrictPrefix(s, t) <=> (\E rest \in Seq(S) : rest # <<>> /\ t = s \o rest)
         /\ IsStrictPrefix(s, t) <=> s = SubSeq(t, 1, Len(s)) /\ Len(s) < Len(t)
         /\ IsStrictPrefix(s, t) <=> s = Restrict(t, DOMAIN s) /\ Len(s) < Len(t)
         /\ IsStrictPrefix(s, t) <=> IsPrefix(s, t) /\ Len(s) < Len(t)

THEOREM IsPrefixElts ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S), IsPrefix(s, t), NEW i \in 1..Len(s)
  PROVE  t[i] = s[i]

THEOREM EmptyIsPrefix ==
  ASSUME NEW S, NEW s \in Seq(S)
  PROVE  /\ IsPrefix(<<>>, s)
         /\ IsPrefix(s, <<>>) <=> s = <<>>
         /\ IsStrictPrefix(<<>>, s) <=> s # <<>>
         /\ ~IsStrictPrefix(s, <<>>)

THEOREM IsPrefixConcat ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  IsPrefix(s, s \o t)

THEOREM IsStrictPrefixAppend ==
  ASSUME NEW S, NEW s \in Seq(S), NEW x \in S
  PROVE  IsStrictPrefix(s, Append(s, x))

THEOREM FrontIsPrefix ==
  ASSUME NEW S, NEW s \in Seq(S)
  PROVE  IsPrefix(Front(s), s) /\ (s # <<>> => IsStrictPrefix(Front(s), s))

THEOREM ConcatIsPrefix ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S), NEW u \in Seq(S), IsPrefix(s \o t, u)
  PROVE  IsPrefix(s, u)

THEOREM ConcatIsPrefixCancel ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S), NEW u \in Seq(S)
  PROVE  IsPrefix(t, u) <=> IsPrefix(s \o t, s \o u)

THEOREM ConsIsPrefixCancel ==
  ASSUME NEW S, NEW x \in S, NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  IsPrefix(s, t) <=> IsPrefix(Cons(x, s), Cons(x, t))

THEOREM ConsIsPrefix ==
  ASSUME NEW S, NEW x \in S, NEW s \in Seq(S), NEW t \in Seq(S), IsPrefix(Cons(x, s), t)
  PROVE  Head(t) = x /\ IsPrefix(s, Tail(t))

(***************************************************************************)
(* To be a beginning is a partial order, and without infinite descent.     *)
(***************************************************************************)
THEOREM IsPrefixPartialOrder ==
  ASSUME NEW S
  PROVE  /\ \A s \in Seq(S) : IsPrefix(s, s)
         /\ \A s, t \in Seq(S) : IsPrefix(s, t) /\ IsPrefix(t, s) => s = t
         /\ \A s, t, u \in Seq(S) : IsPrefix(s, t) /\ IsPrefix(t, u) => IsPrefix(s, u)

THEOREM IsStrictPrefixStrictPartialOrder ==
  ASSUME NEW S
  PROVE  /\ \A s \in Seq(S) : ~IsStrictPrefix(s, s)
         /\ \A s, t \in Seq(S) : ~(IsStrictPrefix(s, t) /\ IsStrictPrefix(t, s))
         /\ \A s, t, u \in Seq(S) :
              IsStrictPrefix(s, t) /\ IsStrictPrefix(t, u) => IsStrictPrefix(s, u)

THEOREM IsStrictPrefixWellFounded ==
  ASSUME NEW S
  PROVE  IsWellFoundedOn(OpToRel(IsStrictPrefix, Seq(S)), Seq(S))

THEOREM SeqStrictPrefixInduction ==
  ASSUME NEW P(_), NEW S,
         ASSUME NEW t \in Seq(S), \A s \in Seq(S) : IsStrictPrefix(s, t) => P(s)
         PROVE  P(t)
  PROVE  \A s \in Seq(S) : P(s)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Ends.                                                                   *)
(***************************************************************************)
THEOREM IsSuffixProperties ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  /\ IsSuffix(s, t) <=> (\E rest \in Seq(S) : t = rest \o s)
         /\ IsSuffix(s, t) <=> /\ Len(s) <= Len(t)
                               /\ s = SubSeq(t, (Len(t) - Len(s)) + 1, Len(t))

THEOREM IsStrictSuffixProperties ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  /\ IsStrictSuffix(s, t) <=> (\E rest \in Seq(S) : rest # <<>> /\ t = rest \o s)
         /\ IsStrictSuffix(s, t) <=> IsSuffix(s, t) /\ Len(s) < Len(t)
         /\ IsStrictSuffix(s, t) <=> /\ Len(s) < Len(t)
                                     /\ s = SubSeq(t, (Len(t) - Len(s)) + 1, Len(t))
         /\ IsStrictSuffix(s, t) <=> IsStrictPrefix(Reverse(s), Reverse(t))

THEOREM IsSuffixElts ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S), IsSuffix(s, t), NEW i \in 1..Len(s)
  PROVE  t[(Len(t) - Len(s)) + i] = s[i]

THEOREM EmptyIsSuffix ==
  ASSUME NEW S, NEW s \in Seq(S)
  PROVE  /\ IsSuffix(<<>>, s)
         /\ IsSuffix(s, <<>>) <=> s = <<>>
         /\ IsStrictSuffix(<<>>, s) <=> s # <<>>
         /\ ~IsStrictSuffix(s, <<>>)

THEOREM IsSuffixConcat ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  IsSuffix(s, t \o s)

THEOREM IsStrictSuffixCons ==
  ASSUME NEW S, NEW s \in Seq(S), NEW x \in S
  PROVE  IsStrictSuffix(s, Cons(x, s))

THEOREM TailIsSuffix ==
  ASSUME NEW S, NEW s \in Seq(S), s # <<>>
  PROVE  IsStrictSuffix(Tail(s), s)

THEOREM ConcatIsSuffix ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S), NEW u \in Seq(S), IsSuffix(s \o t, u)
  PROVE  IsSuffix(t, u)

THEOREM ConcatIsSuffixCancel ==
  ASSUME NEW S, NEW s \in Seq(S), NEW t \in Seq(S), NEW u \in Seq(S)
  PROVE  IsSuffix(s, u) <=> IsSuffix(s \o t, u \o t)

THEOREM AppendIsSuffixCancel ==
  ASSUME NEW S, NEW x \in S, NEW s \in Seq(S), NEW t \in Seq(S)
  PROVE  IsSuffix(s, t) <=> IsSuffix(Append(s, x), Append(t, x))

THEOREM AppendIsSuffix ==
  ASSUME NEW S, NEW x \in S, NEW s \in Seq(S), NEW t \in Seq(S),
         IsSuffix(Append(s, x), t)
  PROVE  Last(t) = x /\ IsSuffix(s, Front(t))

THEOREM IsSuffixPartialOrder ==
  ASSUME NEW S
  PROVE  /\ \A s \in Seq(S) : IsSuffix(s, s)
         /\ \A s, t \in Seq(S) : IsSuffix(s, t) /\ IsSuffix(t, s) => s = t
         /\ \A s, t, u \in Seq(S) : IsSuffix(s, t) /\ IsSuffix(t, u) => IsSuffix(s, u)

THEOREM IsStrictSuffixStrictPartialOrder ==
  ASSUME NEW S
  PROVE  /\ \A s \in Seq(S) : ~IsStrictSuffix(s, s)
         /\ \A s, t \in Seq(S) : ~(IsStrictSuffix(s, t) /\ IsStrictSuffix(t, s))
         /\ \A s, t, u \in Seq(S) :
              IsStrictSuffix(s, t) /\ IsStrictSuffix(t, u) => IsStrictSuffix(s, u)

THEOREM IsStrictSuffixWellFounded ==
  ASSUME NEW S
  PROVE  IsWellFoundedOn(OpToRel(IsStrictSuffix, Seq(S)), Seq(S))

THEOREM SeqStrictSuffixInduction ==
  ASSUME NEW P(_), NEW S,
         ASSUME NEW t \in Seq(S), \A s \in Seq(S) : IsStrictSuffix(s, t) => P(s)
         PROVE  P(t)
  PROVE  \A s \in Seq(S) : P(s)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Functions on sequences that are defined by recursion on all strict      *)
(* prefixes, or on all strict suffixes.                                    *)
(***************************************************************************)
StrictPrefixesDetermineDef(S, Def(_, _)) ==
  \A g, h : \A s \in Seq(S) :
    (\A p \in Seq(S) : IsStrictPrefix(p, s) => g[p] = h[p]) => Def(g, s) = Def(h, s)

LEMMA StrictPrefixesDetermineDef_WFDefOn ==
  ASSUME NEW S, NEW Def(_, _), StrictPrefixesDetermineDef(S, Def)
  PROVE  WFDefOn(OpToRel(IsStrictPrefix, Seq(S)), Seq(S), Def)

THEOREM PrefixRecursiveSequenceFunctionUnique ==
  ASSUME NEW S, NEW Def(_, _), StrictPrefixesDetermineDef(S, Def)
  PROVE  WFInductiveUnique(Seq(S), Def)

THEOREM PrefixRecursiveSequenceFunctionDef ==
  ASSUME NEW S, NEW Def(_, _), StrictPrefixesDetermineDef(S, Def),
         NEW f, OpDefinesFcn(f, Seq(S), Def)
  PROVE  WFInductiveDefines(f, Seq(S), Def)

THEOREM PrefixRecursiveSequenceFunctionType ==
  ASSUME NEW S, NEW Def(_, _), StrictPrefixesDetermineDef(S, Def),
         NEW f, WFInductiveDefines(f, Seq(S), Def),
         NEW T, T # {}, \A g \in [Seq(S) -> T] : \A s \in Seq(S) : Def(g, s) \in T
  PROVE  f \in [Seq(S) -> T]

StrictSuffixesDetermineDef(S, Def(_, _)) ==
  \A g, h : \A s \in Seq(S) :
    (\A p \in Seq(S) : IsStrictSuffix(p, s) => g[p] = h[p]) => Def(g, s) = Def(h, s)

LEMMA StrictSuffixesDetermineDef_WFDefOn ==
  ASSUME NEW S, NEW Def(_, _), StrictSuffixesDetermineDef(S, Def)
  PROVE  WFDefOn(OpToRel(IsStrictSuffix, Seq(S)), Seq(S), Def)

THEOREM SuffixRecursiveSequenceFunctionUnique ==
  ASSUME NEW S, NEW Def(_, _), StrictSuffixesDetermineDef(S, Def)
  PROVE  WFInductiveUnique(Seq(S), Def)

THEOREM SuffixRecursiveSequenceFunctionDef ==
  ASSUME NEW S, NEW Def(_, _), StrictSuffixesDetermineDef(S, Def),
         NEW f, OpDefinesFcn(f, Seq(S), Def)
  PROVE  WFInductiveDefines(f, Seq(S), Def)

THEOREM SuffixRecursiveSequenceFunctionType ==
  ASSUME NEW S, NEW Def(_, _), StrictSuffixesDetermineDef(S, Def),
         NEW f, WFInductiveDefines(f, Seq(S), Def),
         NEW T, T # {}, \A g \in [Seq(S) -> T] : \A s \in Seq(S) : Def(g, s) \in T
  PROVE  f \in [Seq(S) -> T]

(***************************************************************************)
(* Recursion on the tail, and on the front.                                *)
(***************************************************************************)
TailInductiveDefHypothesis(f, S, f0, Def(_, _)) ==
  f = CHOOSE g : g = [s \in Seq(S) |-> IF s = <<>> THEN f0 ELSE Def(g[Tail(s)], s)]

TailInductiveDefConclusion(f, S, f0, Def(_, _)) ==
  f = [s \in Seq(S) |-> IF s = <<>> THEN f0 ELSE Def(f[Tail(s)], s)]

THEOREM TailInductiveDef ==
  ASSUME NEW S, NEW f, NEW f0, NEW Def(_, _), TailInductiveDefHypothesis(f, S, f0, Def)
  PROVE  TailInductiveDefConclusion(f, S, f0, Def)

THEOREM TailInductiveDefType ==
  ASSUME NEW S, NEW f, NEW f0, NEW Def(_, _), TailInductiveDefConclusion(f, S, f0, Def),
         NEW T, f0 \in T, \A v \in T : \A s \in Seq(S) \ {<<>>} : Def(v, s) \in T
  PROVE  f \in [Seq(S) -> T]

FrontInductiveDefHypothesis(f, S, f0, Def(_, _)) ==
  f = CHOOSE g : g = [s \in Seq(S) |-> IF s = <<>> THEN f0 ELSE Def(g[Front(s)], s)]

FrontInductiveDefConclusion(f, S, f0, Def(_, _)) ==
  f = [s \in Seq(S) |-> IF s = <<>> THEN f0 ELSE Def(f[Front(s)], s)]

THEOREM FrontInductiveDef ==
  ASSUME NEW S, NEW f, NEW f0, NEW Def(_, _), FrontInductiveDefHypothesis(f, S, f0, Def)
  PROVE  FrontInductiveDefConclusion(f, S, f0, Def)

THEOREM FrontInductiveDefType ==
  ASSUME NEW S, NEW f, NEW f0, NEW Def(_, _), FrontInductiveDefConclusion(f, S, f0, Def),
         NEW T, f0 \in T, \A v \in T : \A s \in Seq(S) \ {<<>>} : Def(v, s) \in T
  PROVE  f \in [Seq(S) -> T]
-----------------------------------------------------------------------------
(***************************************************************************)
(* Folds from the left.                                                    *)
(***************************************************************************)
THEOREM FoldLeftRecursion ==
  ASSUME NEW op(_, _), NEW base, NEW S, NEW s \in Seq(S)
  PROVE  FoldLeft(op, base, s) =
           IF s # <<>> THEN op(FoldLeft(op, base, Front(s)), Last(s)) ELSE base

THEOREM FoldLeftEmpty ==
  ASSUME NEW op(_, _), NEW base
  PROVE  base = FoldLeft(op, base, <<>>)

THEOREM FoldLeftNonempty ==
  ASSUME NEW op(_, _), NEW base, NEW S, NEW s \in Seq(S), s # <<>>
  PROVE  op(FoldLeft(op, base, Front(s)), Last(s)) = FoldLeft(op, base, s)

THEOREM FoldLeftAppend ==
  ASSUME NEW op(_, _), NEW base, NEW S, NEW s \in Seq(S), NEW x \in S
  PROVE  op(FoldLeft(op, base, s), x) = FoldLeft(op, base, Append(s, x))

THEOREM FoldLeftType ==
  ASSUME NEW V, NEW op(_, _), \A v \in V : \A w \in V : op(v, w) \in V,
         NEW base \in V, NEW s \in Seq(V)
  PROVE  FoldLeft(op, base, s) \in V

THEOREM FoldLeftConcat ==
  ASSUME NEW V, NEW op(_, _), NEW base \in V,
         \A v \in V : \A w \in V : op(v, w) \in V,
         \A u \in V : \A v \in V : \A w \in V : op(op(u, v), w) = op(u, op(v, w)),
         \A v \in V : op(v, base) = v,
         NEW s \in Seq(V), NEW t \in Seq(V)
  PROVE  op(FoldLeft(op, base, s), FoldLeft(op, base, t)) = FoldLeft(op, base, s \o t)

THEOREM FoldLeftDomainIsMFS ==
  ASSUME NEW op(_, _), NEW base, NEW S, NEW s \in Seq(S)
  PROVE  MapThenFoldSet(LAMBDA i, acc : op(acc, i), base,
                        LAMBDA i : i, LAMBDA T : Max(T), 1..Len(s))
           = FoldLeftDomain(op, base, s)

(***************************************************************************)
(* Folds from the right.                                                   *)
(***************************************************************************)
THEOREM FoldRightRecursion ==
  ASSUME NEW op(_, _), NEW base, NEW S, NEW s \in Seq(S)
  PROVE  FoldRight(op, s, base) =
           IF s # <<>> THEN op(Head(s), FoldRight(op, Tail(s), base)) ELSE base

THEOREM FoldRightEmpty ==
  ASSUME NEW op(_, _), NEW base
  PROVE  base = FoldRight(op, <<>>, base)

THEOREM FoldRightNonempty ==
  ASSUME NEW op(_, _), NEW base, NEW S, NEW s \in Seq(S), s # <<>>
  PROVE  op(Head(s), FoldRight(op, Tail(s), base)) = FoldRight(op, s, base)

THEOREM FoldRightCons ==
  ASSUME NEW op(_, _), NEW base, NEW S, NEW s \in Seq(S), NEW x \in S
  PROVE  op(x, FoldRight(op, s, base)) = FoldRight(op, Cons(x, s), base)

THEOREM FoldRightType ==
  ASSUME NEW V, NEW op(_, _), \A v \in V : \A w \in V : op(v, w) \in V,
         NEW base \in V, NEW s \in Seq(V)
  PROVE  FoldRight(op, s, base) \in V

THEOREM FoldRightConcat ==
  ASSUME NEW V, NEW op(_, _), NEW base \in V,
         \A v \in V : \A w \in V : op(v, w) \in V,
         \A u \in V : \A v \in V : \A w \in V : op(op(u, v), w) = op(u, op(v, w)),
         \A v \in V : op(base, v) = v,
         NEW s \in Seq(V), NEW t \in Seq(V)
  PROVE  op(FoldRight(op, s, base), FoldRight(op, t, base))
           = FoldRight(op, s \o t, base)

THEOREM FoldRightDomainIsMFS ==
  ASSUME NEW op(_, _), NEW base, NEW S, NEW s \in Seq(S)
  PROVE  MapThenFoldSet(op, base, LAMBDA i : i, LAMBDA T : Min(T), 1..Len(s))
           = FoldRightDomain(op, s, base)
=============================================================================
