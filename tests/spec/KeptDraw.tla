\* recorded: TLC cc6b616
\* expect: ok, 8 distinct, 72 generated, depth 1
---- MODULE KeptDraw ----
(* A random set replaces a constant: TLCEval keeps one draw of it for the whole run. *)
EXTENDS Naturals, FiniteSets, TLC, Randomization

CONSTANT Chosen
VARIABLE x

Draw == TLCEval(RandomSubset(8, 1..64))

Init == x \in Chosen
Next == x' \in Chosen
Same == x \in Draw /\ Cardinality(Chosen \cap Draw) = 8
====
