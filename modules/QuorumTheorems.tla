--------------------------- MODULE QuorumTheorems ---------------------------
(***************************************************************************)
(* Facts about quorum systems, for proofs to cite.                         *)
(***************************************************************************)
EXTENDS Quorum, Integers, FiniteSets

THEOREM QuorumsIntersect ==
  ASSUME NEW S, NEW QS \in QuorumSystem(S), NEW A \in QS, NEW B \in QS
  PROVE  \E common \in S : common \in A \cap B

THEOREM QuorumSuperset ==
  ASSUME NEW S, NEW QS \in QuorumSystem(S),
         NEW A \in QS, NEW B \in SUBSET S, A \subseteq B
  PROVE  B \in QS

(***************************************************************************)
(* The majorities of a set are a quorum system.                            *)
(***************************************************************************)
THEOREM MajoritiesQuorumSystem ==
  ASSUME NEW S, S # {}, IsFiniteSet(S)
  PROVE  {A \in SUBSET S : Cardinality(S) < 2 * Cardinality(A)} \in QuorumSystem(S)
=============================================================================
