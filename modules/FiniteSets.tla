----------------------------- MODULE FiniteSets -----------------------------
(***************************************************************************)
(* Finiteness and size of sets.  Both operators are native.                *)
(***************************************************************************)
LOCAL INSTANCE Naturals
LOCAL INSTANCE Sequences

(***************************************************************************)
(* A set is finite if some finite list mentions all of its elements.       *)
(***************************************************************************)
IsFiniteSet(S) ==
  \E list \in Seq(S) : S \subseteq {list[i] : i \in 1..Len(list)}

(***************************************************************************)
(* The number of elements, found by taking them away one by one; has no    *)
(* meaning for an infinite set.                                            *)
(***************************************************************************)
Cardinality(S) ==
  LET Size[T \in SUBSET S] ==
        IF T = {} THEN 0 ELSE Size[T \ {CHOOSE x \in T : TRUE}] + 1
  IN  Size[S]
=============================================================================
