--------------------------- MODULE Randomization ----------------------------
(***************************************************************************)
(* Random subsets, for initial predicates whose sets are too large to be   *)
(* enumerated.  All operators are native but TestRandomSetOfSubsets.       *)
(***************************************************************************)
LOCAL INSTANCE Naturals
LOCAL INSTANCE FiniteSets

(***************************************************************************)
(* A subset of S with k elements.                                          *)
(***************************************************************************)
RandomSubset(k, S) == CHOOSE T \in SUBSET S : Cardinality(T) = k

(***************************************************************************)
(* The subsets of S that k drawings produce.  In each, an element of S is  *)
(* drawn with probability n / Cardinality(S), so that a subset has n       *)
(* elements on average.  Where drawings coincide there are fewer than k.   *)
(***************************************************************************)
RandomSetOfSubsets(k, n, S) ==
  CHOOSE Ts \in SUBSET (SUBSET S) : Cardinality(Ts) \leq k

(***************************************************************************)
(* How many subsets five such sets have, to get a feeling for k and n.     *)
(***************************************************************************)
TestRandomSetOfSubsets(k, n, S) ==
  [trial \in 1..5 |-> Cardinality(RandomSetOfSubsets(k, n, S))]
=============================================================================
