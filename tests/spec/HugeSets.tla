\* workers: 1
\* recorded: TLC cc6b616
\* expect: ok, 64 distinct, 257 generated, depth 8
\* cfg: HugeSets_Wrong.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: violates Wrong, 4 distinct, 4 generated, depth 2, trace 2
---- MODULE HugeSets ----
(* Sets that are only asked for members may have more elements than any number that fits into
   memory. *)
EXTENDS Integers

VARIABLES s, f

Init == s = {} /\ f = [x \in SUBSET {} |-> FALSE]
Next == \/ \E n \in 0..2 : s' = s \cup {{{n}, {}}} /\ f' = f
        \/ f' = [x \in {{}, s} |-> s # {}] /\ s' = {}
Types == /\ s \in SUBSET SUBSET SUBSET (0..9)
         /\ s \in SUBSET SUBSET SUBSET (0..2) \cup {{{{7}}}}
         /\ {s} \subseteq SUBSET SUBSET SUBSET (0..99)
Wrong == /\ [x \in {f} |-> s] \in [{f} -> SUBSET SUBSET SUBSET (0..9)]
         /\ [a |-> s, b |-> s] \in [a : SUBSET SUBSET SUBSET (0..9), b : SUBSET SUBSET SUBSET (0..1)]
Spec == Init /\ [][Next]_<<s, f>>
====
