---- MODULE eval_4315_register ----
EXTENDS Naturals, TLC
VARIABLE x
Init == x = 0
Next == x' = 1 - x
Bounded == TLCGet("depth") < 10
====
