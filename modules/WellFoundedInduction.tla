------------------------ MODULE WellFoundedInduction ------------------------
(***************************************************************************)
(* Induction and recursion along relations without infinite descent.  A    *)
(* relation is a set of pairs; <<x, y>> \in R says that x is below y.      *)
(***************************************************************************)
EXTENDS NaturalsInduction

IsTransitivelyClosedOn(R, S) ==
  \A x \in S : \A y \in S : \A z \in S :
    <<x, y>> \in R /\ <<y, z>> \in R => <<x, z>> \in R

(***************************************************************************)
(* No sequence of elements of S goes down for ever.                        *)
(***************************************************************************)
IsWellFoundedOn(R, S) ==
  ~\E down \in [Nat -> S] : \A k \in Nat : <<down[k + 1], down[k]>> \in R

(***************************************************************************)
(* The elements of S below x.                                              *)
(***************************************************************************)
SetLessThan(x, R, S) == {y \in S : <<y, x>> \in R}
-----------------------------------------------------------------------------
LEMMA EmptyIsWellFounded ==
  ASSUME NEW S
  PROVE  IsWellFoundedOn({}, S)

LEMMA IsWellFoundedOnSubset ==
  ASSUME NEW R, NEW S, IsWellFoundedOn(R, S), NEW T \in SUBSET S
  PROVE  IsWellFoundedOn(R, T)

LEMMA IsWellFoundedOnSubrelation ==
  ASSUME NEW R, NEW S, IsWellFoundedOn(R, S), NEW Q, Q \cap (S \X S) \subseteq R
  PROVE  IsWellFoundedOn(Q, S)

(***************************************************************************)
(* Well-founded relations are those in which each set that is not empty    *)
(* has an element with nothing below it.                                   *)
(***************************************************************************)
THEOREM WFMin ==
  ASSUME NEW R, NEW S, IsWellFoundedOn(R, S), NEW T, T \subseteq S, T # {}
  PROVE  \E low \in T : ~\E y \in T : <<y, low>> \in R

THEOREM MinWF ==
  ASSUME NEW R, NEW S,
         \A T \in SUBSET S : T # {} => \E low \in T : ~\E y \in T : <<y, low>> \in R
  PROVE  IsWellFoundedOn(R, S)

LEMMA WellFoundedIsIrreflexive ==
  ASSUME NEW R, NEW S, IsWellFoundedOn(R, S), NEW x \in S
  PROVE  <<x, x>> \notin R

LEMMA WellFoundedIsAsymmetric ==
  ASSUME NEW R, NEW S, IsWellFoundedOn(R, S), NEW x \in S, NEW y \in S,
         <<x, y>> \in R, <<y, x>> \in R
  PROVE  FALSE

LEMMA WFSetLessThanIrreflexive ==
  ASSUME NEW R, NEW S, IsWellFoundedOn(R, S), NEW x \in S
  PROVE  x \notin SetLessThan(x, R, S)

LEMMA SetLessTransitive ==
  ASSUME NEW R, NEW S, IsTransitivelyClosedOn(R, S),
         NEW x \in S, NEW y \in SetLessThan(x, R, S)
  PROVE  SetLessThan(y, R, S) \subseteq SetLessThan(x, R, S)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Induction: P holds where it holds everywhere below.                     *)
(***************************************************************************)
THEOREM WFInduction ==
  ASSUME NEW P(_), NEW R, NEW S, IsWellFoundedOn(R, S),
         ASSUME NEW x \in S, \A y \in SetLessThan(x, R, S) : P(y) PROVE P(x)
  PROVE  \A x \in S : P(x)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Recursion.  Def(g, x) looks at g below x only; f is what the recursive  *)
(* definition f[x \in S] == Def(f, x) defines; f satisfies the equation;   *)
(* only one function does.                                                 *)
(***************************************************************************)
WFDefOn(R, S, Def(_, _)) ==
  \A g, h : \A x \in S :
    (\A y \in SetLessThan(x, R, S) : g[y] = h[y]) => Def(g, x) = Def(h, x)

OpDefinesFcn(f, S, Def(_, _)) == f = CHOOSE g : g = [x \in S |-> Def(g, x)]

WFInductiveDefines(f, S, Def(_, _)) == f = [x \in S |-> Def(f, x)]

WFInductiveUnique(S, Def(_, _)) ==
  \A g, h : WFInductiveDefines(g, S, Def) /\ WFInductiveDefines(h, S, Def) => g = h

THEOREM WFDefOnUnique ==
  ASSUME NEW R, NEW S, NEW Def(_, _), IsWellFoundedOn(R, S), WFDefOn(R, S, Def)
  PROVE  WFInductiveUnique(S, Def)

THEOREM WFInductiveDef ==
  ASSUME NEW R, NEW S, NEW Def(_, _), IsWellFoundedOn(R, S), WFDefOn(R, S, Def),
         NEW f, OpDefinesFcn(f, S, Def)
  PROVE  WFInductiveDefines(f, S, Def)

LEMMA WFInductiveDefLemma ==
  ASSUME NEW R, NEW S, NEW Def(_, _), IsWellFoundedOn(R, S), WFDefOn(R, S, Def),
         IsTransitivelyClosedOn(R, S), NEW f, OpDefinesFcn(f, S, Def)
  PROVE  WFInductiveDefines(f, S, Def)

THEOREM WFInductiveDefType ==
  ASSUME NEW R, NEW S, NEW Def(_, _), IsWellFoundedOn(R, S), WFDefOn(R, S, Def),
         NEW f, WFInductiveDefines(f, S, Def),
         NEW T, T # {}, \A g \in [S -> T] : \A x \in S : Def(g, x) \in T
  PROVE  f \in [S -> T]
-----------------------------------------------------------------------------
(***************************************************************************)
(* The least transitive relation on S that contains R.                     *)
(***************************************************************************)
TransitiveClosureOn(R, S) ==
  {pair \in S \X S :
     \A U \in SUBSET (S \X S) :
       R \cap (S \X S) \subseteq U /\ IsTransitivelyClosedOn(U, S) => pair \in U}

LEMMA TransitiveClosureThm ==
  ASSUME NEW R, NEW S
  PROVE  /\ R \cap (S \X S) \subseteq TransitiveClosureOn(R, S)
         /\ IsTransitivelyClosedOn(TransitiveClosureOn(R, S), S)

LEMMA TransitiveClosureMinimal ==
  ASSUME NEW R, NEW S, NEW U \in SUBSET (S \X S),
         R \cap (S \X S) \subseteq U, IsTransitivelyClosedOn(U, S)
  PROVE  TransitiveClosureOn(R, S) \subseteq U

(***************************************************************************)
(* Steps in the closure (TC) or the relation (R), one after the other.     *)
(***************************************************************************)
LEMMA TCTCTC ==
  ASSUME NEW R, NEW S, NEW x \in S, NEW y \in S, NEW z \in S,
         <<x, y>> \in TransitiveClosureOn(R, S), <<y, z>> \in TransitiveClosureOn(R, S)
  PROVE  <<x, z>> \in TransitiveClosureOn(R, S)

LEMMA TCRTC ==
  ASSUME NEW R, NEW S, NEW x \in S, NEW y \in S, NEW z \in S,
         <<x, y>> \in TransitiveClosureOn(R, S), <<y, z>> \in R
  PROVE  <<x, z>> \in TransitiveClosureOn(R, S)

LEMMA RTCTC ==
  ASSUME NEW R, NEW S, NEW x \in S, NEW y \in S, NEW z \in S,
         <<x, y>> \in R, <<y, z>> \in TransitiveClosureOn(R, S)
  PROVE  <<x, z>> \in TransitiveClosureOn(R, S)

LEMMA TransitiveClosureChopLast ==
  ASSUME NEW R, NEW S, NEW x \in S, NEW z \in S, <<x, z>> \in TransitiveClosureOn(R, S)
  PROVE  \E y \in S : /\ <<y, z>> \in R
                      /\ x = y \/ <<x, y>> \in TransitiveClosureOn(R, S)

THEOREM TransitiveClosureWF ==
  ASSUME NEW R, NEW S, IsWellFoundedOn(R, S)
  PROVE  IsWellFoundedOn(TransitiveClosureOn(R, S), S)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Ways to make well-founded relations: from an operator, by a map into    *)
(* another set, lexicographically on pairs and on tuples of length n.      *)
(***************************************************************************)
OpToRel(_\prec_, S) == {pair \in S \X S : pair[1] \prec pair[2]}

THEOREM NatLessThanWellFounded == IsWellFoundedOn(OpToRel(<, Nat), Nat)

PreImage(f(_), S, R) == {pair \in S \X S : <<f(pair[1]), f(pair[2])>> \in R}

THEOREM PreImageWellFounded ==
  ASSUME NEW f(_), NEW S, NEW T, \A x \in S : f(x) \in T,
         NEW R, IsWellFoundedOn(R, T)
  PROVE  IsWellFoundedOn(PreImage(f, S, R), S)

LexPairOrdering(R1, R2, S1, S2) ==
  {pair \in (S1 \X S2) \X (S1 \X S2) :
     LET x == pair[1]
         y == pair[2]
     IN  <<x[1], y[1]>> \in R1 \/ (x[1] = y[1] /\ <<x[2], y[2]>> \in R2)}

THEOREM WFLexPairOrdering ==
  ASSUME NEW S1, NEW R1, IsWellFoundedOn(R1, S1),
         NEW S2, NEW R2, IsWellFoundedOn(R2, S2)
  PROVE  IsWellFoundedOn(LexPairOrdering(R1, R2, S1, S2), S1 \X S2)

LexProductOrdering(R, S, n) ==
  {pair \in [1..n -> S] \X [1..n -> S] :
     \E k \in 1..n : /\ <<pair[1][k], pair[2][k]>> \in R
                     /\ \A i \in 1..(k - 1) : pair[1][i] = pair[2][i]}

THEOREM WFLexProductOrdering ==
  ASSUME NEW R, NEW S, IsWellFoundedOn(R, S), NEW n \in Nat
  PROVE  IsWellFoundedOn(LexProductOrdering(R, S, n), [1..n -> S])
=============================================================================
