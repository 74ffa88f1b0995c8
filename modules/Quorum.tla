------------------------------- MODULE Quorum -------------------------------
(***************************************************************************)
(* Quorum systems.                                                         *)
(***************************************************************************)

(***************************************************************************)
(* The quorum systems over S: sets of subsets of S, the quorums, of which  *)
(* there is at least one, any two of which meet, and with which each       *)
(* larger set is a quorum, too.                                            *)
(***************************************************************************)
QuorumSystem(S) ==
  {Q \in SUBSET (SUBSET S) :
     /\ Q # {}
     /\ \A A \in Q : \A B \in Q : A \cap B # {}
     /\ \A A \in Q : \A B \in SUBSET S : A \subseteq B => B \in Q}
=============================================================================
