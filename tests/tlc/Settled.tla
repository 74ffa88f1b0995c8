---------------------------------- MODULE Settled ----------------------------------
(* Formulas of the configuration that no state can change. *)
EXTENDS Naturals
VARIABLE hour
Init == hour = 0
Next == hour' = (hour + 1) % 3
Never == 1 = 2
Sum == 2 + 3
====================================================================================
