\* helper: Overridden
---- MODULE OverriddenPart ----
(* Reached through instances only. *)
CONSTANT k
Step == k
Twice == <<Step, Step>>
====
