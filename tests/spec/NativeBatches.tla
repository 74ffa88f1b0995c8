\* recorded: TLC cc6b616
\* expect: violates Named, 111 distinct, 8878 generated, depth 2, trace 2
---- MODULE NativeBatches ----
(* More successors of a state than one batch holds, of which the fifth of every 128 are new: where
   states of several batches stand in one place, what is remembered of one must not pass for the
   other. The invariant needs the interpreter. *)
EXTENDS Naturals, SequencesExt

VARIABLES y, turn

Init == y = 0 /\ turn \in 0..40
Next == \E i \in 1..(640 + 0 * turn) :
            /\ y' = IF i % 128 = 5 THEN i ELSE 0
            /\ turn' = IF y = 0 THEN turn ELSE (turn + 7) % 41
Named == SetToSeq({y}) # <<517>> \/ turn # 13
====
