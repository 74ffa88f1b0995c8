\* recorded: TLC cc6b616
\* expect: ok, 174 distinct, 302 generated, depth 3
---- MODULE NativeConstraints ----
(* More successors of a state than one batch holds. Of the first batch only the first is new, and the
   invariant is asked about it; the first of the second batch stands in its place, and the constraint,
   which needs the interpreter as the invariant does, must not be told what was remembered. *)
EXTENDS Naturals, SequencesExt

VARIABLES x, n

Init == x = 0 /\ n = 0
Next == \/ n = 0 /\ n' = 1 /\ x' = 1
        \/ n = 1 /\ n' = 2 /\ \E i \in 0..299 : x' = IF i < 128 THEN 1 ELSE i
Within == SetToSeq({x}) # <<128>>
Named == SetToSeq({x}) # <<1000>>
====
