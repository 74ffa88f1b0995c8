\* helper: Fairness
---- MODULE FairnessTurn ----
(* What the lock implements. *)
VARIABLES busy, who
turns == <<busy, who>>
Take == ~busy /\ busy' = TRUE
Give == busy /\ busy' = FALSE /\ who' \in [DOMAIN who -> {"idle", "waiting", "inside"}]
Other == UNCHANGED busy /\ who' # who
Idle == ~busy /\ UNCHANGED turns
TurnSpec == busy = FALSE /\ [][Take \/ Give \/ Other]_turns /\ WF_turns(Give \/ Idle)
====
