---- MODULE eval_4318_terminal ----
EXTENDS Naturals, TLC, TLCExt
VARIABLE x
Init == x \in 0..1
Next == PickSuccessor(x' > 2) /\ x' = x + 1
Pause == TLCSet("pause", x = 0)
====
