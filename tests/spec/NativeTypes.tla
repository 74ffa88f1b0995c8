\* workers: 1
\* recorded: TLC cc6b616
\* expect: violates TypeOK, 4556 distinct, 9735 generated, depth 92, trace 92
---- MODULE NativeTypes ----
(* Type invariants that the shapes of what a sample sees prove, so that emitted code does not
   evaluate them; the violation comes in a state that has left these shapes. *)
EXTENDS Integers

VARIABLES x, y, done

TypeOK == x \in 0..90 /\ y \in 0..79 /\ done \in BOOLEAN
Init == x = 0 /\ y = 0 /\ done = FALSE
Next == \/ x' = x + 1 /\ UNCHANGED <<y, done>>
        \/ y' = (y + 1) % 80 /\ UNCHANGED <<x, done>>
        \/ x > 60 /\ done' = TRUE /\ UNCHANGED <<x, y>>
====
