\* helper: Fairness
---- MODULE FairnessTurn ----
(* What the lock implements. *)
VARIABLE busy
Take == ~busy /\ busy' = TRUE
Give == busy /\ busy' = FALSE
TurnSpec == busy = FALSE /\ [][Take \/ Give]_busy /\ WF_busy(Give)
====
