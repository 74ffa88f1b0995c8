-------------------------------- MODULE Pump --------------------------------
(* A pump that fills a tank, or forgets to. *)
EXTENDS Naturals

VARIABLES level, on

vars == <<level, on>>

Init == level = 0 /\ on = FALSE

Switch == on' = ~on /\ UNCHANGED level

Fill == on /\ level < 2 /\ level' = level + 1 /\ UNCHANGED on

Drain == level > 0 /\ level' = level - 1 /\ UNCHANGED on

Next == Switch \/ Fill \/ Drain

Spec == Init /\ [][Next]_vars

FairSpec == Spec /\ WF_vars(Switch) /\ WF_vars(Fill)

Fills == <>(level = 2)

SwitchedOnce == Init /\ [][~on /\ Switch]_vars /\ WF_vars(Drain)

Settles == <>[](~on)

Switches == []<>on

Turned == []<>(~on)
=============================================================================
