-------------------------------- MODULE Lamp --------------------------------
(* A lamp and a counter: loops, several edges between two states, states outside of the model. *)
EXTENDS Naturals

VARIABLES n, lit

Init == n = 0 /\ lit \in BOOLEAN

Toggle == lit' = ~lit /\ UNCHANGED n

Add(d) == n + d <= 2 /\ n' = n + d /\ UNCHANGED lit

Reset == n > 0 /\ n' = 0 /\ lit' = FALSE

Next == Toggle \/ (\E d \in 1..2 : Add(d)) \/ Reset \/ UNCHANGED <<n, lit>>

Small == n < 2
=============================================================================
