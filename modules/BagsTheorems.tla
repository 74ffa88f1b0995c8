---------------------------- MODULE BagsTheorems ----------------------------
(***************************************************************************)
(* Facts about bags, for proofs to cite.                                   *)
(***************************************************************************)
EXTENDS Bags, TLAPS, FiniteSetTheorems, SequenceTheorems
LOCAL INSTANCE Naturals

(***************************************************************************)
(* n times as many copies of everything.                                   *)
(***************************************************************************)
Scaling(n, B) == IF n > 0 THEN [x \in DOMAIN B |-> n * B[x]] ELSE EmptyBag

(***************************************************************************)
(* The elements of a sequence as often as they occur in it.                *)
(***************************************************************************)
SeqToBag(seq) ==
  [x \in Range(seq) |-> Cardinality({i \in DOMAIN seq : seq[i] = x})]
-----------------------------------------------------------------------------
(***************************************************************************)
(* Containment is a partial order.                                         *)
(***************************************************************************)
THEOREM Bags_SqsubsetPO_Reflexivity ==
  ASSUME NEW B, IsABag(B)
  PROVE  B \sqsubseteq B

THEOREM Bags_SqsubseteqPO_AntiSymmetry ==
  ASSUME NEW A, IsABag(A), NEW B, IsABag(B), A \sqsubseteq B, B \sqsubseteq A
  PROVE  A = B

THEOREM Bags_SqsubseteqPO_Transitivity ==
  ASSUME NEW A, IsABag(A), NEW B, IsABag(B), NEW C, IsABag(C),
         A \sqsubseteq B, B \sqsubseteq C
  PROVE  A \sqsubseteq C
-----------------------------------------------------------------------------
(***************************************************************************)
(* The empty bag, bags and sets.                                           *)
(***************************************************************************)
THEOREM Bags_EmptyBag ==
  ASSUME NEW B, IsABag(B)
  PROVE  /\ IsABag(EmptyBag) /\ DOMAIN EmptyBag = {}
         /\ EmptyBag \sqsubseteq B
         /\ DOMAIN B = {} <=> B = EmptyBag
         /\ \A x : ~BagIn(x, EmptyBag)

THEOREM Bags_SetToBagIsABag ==
  ASSUME NEW S
  PROVE  IsABag(SetToBag(S))

THEOREM Bags_Inverse ==
  ASSUME NEW S
  PROVE  S = BagToSet(SetToBag(S))

THEOREM Bags_Inverse1 ==
  ASSUME NEW B, IsABag(B)
  PROVE  SetToBag(BagToSet(B)) \sqsubseteq B

THEOREM Bags_SetToBagEquality ==
  ASSUME NEW S, NEW T
  PROVE  (SetToBag(S) = SetToBag(T)) <=> (S = T)

THEOREM Bags_IsABagSeqToBag ==
  ASSUME NEW S, NEW seq \in Seq(S)
  PROVE  IsABag(SeqToBag(seq))
-----------------------------------------------------------------------------
(***************************************************************************)
(* Sum, difference, multiples.                                             *)
(***************************************************************************)
THEOREM Bags_Union ==
  ASSUME NEW A, IsABag(A), NEW B, IsABag(B)
  PROVE  /\ IsABag(A (+) B)
         /\ DOMAIN (A (+) B) = DOMAIN A \cup DOMAIN B
         /\ \A x : CopiesIn(x, A (+) B) = CopiesIn(x, A) + CopiesIn(x, B)

THEOREM Bags_UnionCommutative ==
  ASSUME NEW A, IsABag(A), NEW B, IsABag(B)
  PROVE  A (+) B = B (+) A

THEOREM Bags_UnionAssociative ==
  ASSUME NEW A, IsABag(A), NEW B, IsABag(B), NEW C, IsABag(C)
  PROVE  A (+) (B (+) C) = (A (+) B) (+) C

THEOREM Bags_UnionSqSubset ==
  ASSUME NEW A, IsABag(A), NEW B, IsABag(B)
  PROVE  A \sqsubseteq A (+) B

THEOREM Bags_Difference ==
  ASSUME NEW A, IsABag(A), NEW B, IsABag(B)
  PROVE  /\ IsABag(A (-) B)
         /\ DOMAIN (A (-) B) = {x \in DOMAIN A : x \in DOMAIN B => A[x] > B[x]}
         /\ \A x : CopiesIn(x, A (-) B) =
                     IF BagIn(x, A (-) B) THEN CopiesIn(x, A) - CopiesIn(x, B) ELSE 0

THEOREM Bags_DifferenceSqsubset ==
  ASSUME NEW A, IsABag(A), NEW B, IsABag(B)
  PROVE  A (-) B \sqsubseteq A

THEOREM Bags_EmptyBagOperations ==
  ASSUME NEW B, IsABag(B)
  PROVE  B = B (+) EmptyBag /\ B = B (-) EmptyBag

THEOREM Bags_Scaling ==
  ASSUME NEW B, IsABag(B), NEW n \in Nat, NEW m \in Nat
  PROVE  /\ IsABag(Scaling(n, B))
         /\ Scaling(0, B) = EmptyBag /\ Scaling(1, B) = B
         /\ Scaling(n, EmptyBag) = EmptyBag
         /\ Scaling(n, Scaling(m, B)) = Scaling(n * m, B)
         /\ n > 0 => DOMAIN Scaling(n, B) = DOMAIN B

THEOREM Bags_ScalingMonotonic ==
  ASSUME NEW B, IsABag(B), NEW m \in Nat, NEW n \in Nat, m <= n
  PROVE  Scaling(m, B) \sqsubseteq Scaling(n, B)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Numbers of copies.                                                      *)
(***************************************************************************)
THEOREM Bags_CopiesInBagsInMonotone ==
  ASSUME NEW A, IsABag(A), NEW B, IsABag(B), A \sqsubseteq B, NEW x
  PROVE  (BagIn(x, A) => BagIn(x, B)) /\ CopiesIn(x, A) <= CopiesIn(x, B)

THEOREM Bags_CopiesInScaling ==
  ASSUME NEW B, IsABag(B), NEW n \in Nat, NEW x
  PROVE  n * CopiesIn(x, B) = CopiesIn(x, Scaling(n, B))

THEOREM Bags_CopiesInSetToBag ==
  ASSUME NEW S, NEW x
  PROVE  CopiesIn(x, SetToBag(S)) = IF x \in S THEN 1 ELSE 0
=============================================================================
