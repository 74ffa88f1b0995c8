\* recorded: TLC cc6b616
\* expect: ok, 12 distinct, 32 generated, depth 1
---- MODULE InitialOutside ----
(* Some initial states lie outside of the constraint: they are generated, but neither counted as
   distinct nor expanded. *)
EXTENDS Naturals

VARIABLES x, y

Init == x \in 0..9 /\ y \in {1, 2}
Next == x' = (x + y) % 12 /\ UNCHANGED y
Low == x < 6
Known == x \in 0..11
====
