------------------------- MODULE FiniteSetTheorems --------------------------
(***************************************************************************)
(* Facts about finite sets and their cardinalities, for proofs to cite.    *)
(***************************************************************************)
EXTENDS FiniteSets, Integers, Functions, WellFoundedInduction

(***************************************************************************)
(* Finite sets are those that can be counted.                              *)
(***************************************************************************)
LEMMA FS_NatSurjection ==
  ASSUME NEW S
  PROVE  IsFiniteSet(S) <=> (\E n \in Nat : ExistsSurjection(1..n, S))

LEMMA FS_NatBijection ==
  ASSUME NEW S
  PROVE  IsFiniteSet(S) <=> (\E n \in Nat : ExistsBijection(1..n, S))

LEMMA FS_CountingElements ==
  ASSUME NEW n \in Nat, NEW S, ExistsBijection(1..n, S)
  PROVE  n = Cardinality(S)

THEOREM FS_SurjCardinalityBound ==
  ASSUME NEW n \in Nat, NEW S, ExistsSurjection(1..n, S)
  PROVE  Cardinality(S) <= n

THEOREM FS_CardinalityType ==
  ASSUME NEW S, IsFiniteSet(S)
  PROVE  Cardinality(S) \in Nat /\ ExistsBijection(1..Cardinality(S), S)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Sets that functions relate to each other.                               *)
(***************************************************************************)
THEOREM FS_Bijection ==
  ASSUME NEW S, IsFiniteSet(S), NEW T, ExistsBijection(S, T)
  PROVE  IsFiniteSet(T) /\ Cardinality(S) = Cardinality(T)

THEOREM FS_SameCardinalityBij ==
  ASSUME NEW S, IsFiniteSet(S), NEW T, IsFiniteSet(T), Cardinality(S) = Cardinality(T)
  PROVE  ExistsBijection(S, T)

THEOREM FS_SurjSameCardinalityImpliesInj ==
  ASSUME NEW S, IsFiniteSet(S), NEW T, Cardinality(S) = Cardinality(T),
         NEW f \in Surjection(S, T)
  PROVE  f \in Injection(S, T)

THEOREM FS_Surjection ==
  ASSUME NEW S, IsFiniteSet(S), NEW T, NEW f \in Surjection(S, T)
  PROVE  /\ IsFiniteSet(T)
         /\ Cardinality(S) >= Cardinality(T)
         /\ f \in Injection(S, T) <=> Cardinality(S) = Cardinality(T)

THEOREM FS_Injection ==
  ASSUME NEW T, IsFiniteSet(T), NEW S, NEW f \in Injection(S, T)
  PROVE  /\ IsFiniteSet(S)
         /\ Cardinality(T) >= Cardinality(S)
         /\ f \in Surjection(S, T) <=> Cardinality(S) = Cardinality(T)

THEOREM FS_Image ==
  ASSUME NEW Op(_), NEW S, IsFiniteSet(S)
  PROVE  /\ IsFiniteSet({Op(x) : x \in S})
         /\ Cardinality({Op(x) : x \in S}) <= Cardinality(S)

THEOREM FS_PigeonHole ==
  ASSUME NEW S, IsFiniteSet(S), NEW T, IsFiniteSet(T),
         Cardinality(S) > Cardinality(T), NEW f \in [S -> T]
  PROVE  \E x \in S : \E y \in S \ {x} : f[x] = f[y]
-----------------------------------------------------------------------------
(***************************************************************************)
(* Small sets, intervals, subsets.                                         *)
(***************************************************************************)
THEOREM FS_EmptySet ==
  /\ IsFiniteSet({}) /\ Cardinality({}) = 0
  /\ \A S : IsFiniteSet(S) => (S = {} <=> Cardinality(S) = 0)

THEOREM FS_Singleton ==
  /\ \A x : IsFiniteSet({x}) /\ Cardinality({x}) = 1
  /\ \A S : IsFiniteSet(S) => ((\E x : S = {x}) <=> Cardinality(S) = 1)

THEOREM FS_AddElement ==
  ASSUME NEW S, IsFiniteSet(S), NEW x
  PROVE  /\ IsFiniteSet(S \cup {x})
         /\ Cardinality(S \cup {x}) = Cardinality(S) + (IF x \in S THEN 0 ELSE 1)

THEOREM FS_RemoveElement ==
  ASSUME NEW S, IsFiniteSet(S), NEW x
  PROVE  /\ IsFiniteSet(S \ {x})
         /\ Cardinality(S \ {x}) = Cardinality(S) - (IF x \in S THEN 1 ELSE 0)

THEOREM FS_Subset ==
  ASSUME NEW S, IsFiniteSet(S), NEW T \in SUBSET S
  PROVE  /\ IsFiniteSet(T)
         /\ Cardinality(T) <= Cardinality(S)
         /\ Cardinality(T) = Cardinality(S) => T = S

THEOREM FS_Interval ==
  ASSUME NEW a \in Int, NEW b \in Int
  PROVE  /\ IsFiniteSet(a..b)
         /\ Cardinality(a..b) = IF a <= b THEN (b - a) + 1 ELSE 0

THEOREM FS_BoundedSetOfNaturals ==
  ASSUME NEW bound \in Nat, NEW S \in SUBSET Nat, \A x \in S : x <= bound
  PROVE  IsFiniteSet(S) /\ Cardinality(S) <= bound + 1
-----------------------------------------------------------------------------
(***************************************************************************)
(* Induction: one element more, or from all proper subsets.                *)
(***************************************************************************)
THEOREM FS_Induction ==
  ASSUME NEW P(_), NEW S, IsFiniteSet(S),
         P({}),
         ASSUME NEW T \in SUBSET S, IsFiniteSet(T), P(T), NEW x \in S \ T
         PROVE  P(T \cup {x})
  PROVE  P(S)

FiniteSubsetsOf(S) == {T \in SUBSET S : IsFiniteSet(T)}

StrictSubsetOrdering(S) ==
  {pair \in (SUBSET S) \X (SUBSET S) : pair[1] # pair[2] /\ pair[1] \subseteq pair[2]}

LEMMA FS_FiniteSubsetsOfFinite ==
  ASSUME NEW S, IsFiniteSet(S)
  PROVE  SUBSET S = FiniteSubsetsOf(S)

THEOREM FS_StrictSubsetOrderingWellFounded ==
  ASSUME NEW S
  PROVE  IsWellFoundedOn(StrictSubsetOrdering(S), FiniteSubsetsOf(S))

THEOREM FS_WFInduction ==
  ASSUME NEW P(_), NEW S, IsFiniteSet(S),
         ASSUME NEW T \in SUBSET S, \A U \in SUBSET T : U # T => P(U)
         PROVE  P(T)
  PROVE  P(S)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Operations on sets.                                                     *)
(***************************************************************************)
THEOREM FS_Union ==
  ASSUME NEW S, IsFiniteSet(S), NEW T, IsFiniteSet(T)
  PROVE  /\ IsFiniteSet(S \cup T)
         /\ Cardinality(S \cup T) =
              (Cardinality(S) + Cardinality(T)) - Cardinality(S \cap T)

THEOREM FS_MajoritiesIntersect ==
  ASSUME NEW U, IsFiniteSet(U), NEW A, A \subseteq U, NEW B, B \subseteq U,
         Cardinality(U) < Cardinality(A) + Cardinality(B)
  PROVE  A \cap B # {}

THEOREM FS_Intersection ==
  ASSUME NEW S, IsFiniteSet(S), NEW T
  PROVE  /\ IsFiniteSet(S \cap T) /\ Cardinality(S \cap T) <= Cardinality(S)
         /\ IsFiniteSet(T \cap S) /\ Cardinality(T \cap S) <= Cardinality(S)

THEOREM FS_Difference ==
  ASSUME NEW S, IsFiniteSet(S), NEW T
  PROVE  /\ IsFiniteSet(S \ T)
         /\ Cardinality(S \ T) = Cardinality(S) - Cardinality(S \cap T)

THEOREM FS_UNION ==
  ASSUME NEW Sets, IsFiniteSet(Sets), \A S \in Sets : IsFiniteSet(S)
  PROVE  IsFiniteSet(UNION Sets)

THEOREM FS_Product ==
  ASSUME NEW S, IsFiniteSet(S), NEW T, IsFiniteSet(T)
  PROVE  /\ IsFiniteSet(S \X T)
         /\ Cardinality(S \X T) = Cardinality(S) * Cardinality(T)

THEOREM FS_SUBSET ==
  ASSUME NEW S, IsFiniteSet(S)
  PROVE  /\ IsFiniteSet(SUBSET S)
         /\ Cardinality(SUBSET S) = 2 ^ Cardinality(S)
=============================================================================
