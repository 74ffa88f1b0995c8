---- MODULE eval_4302_state ----
EXTENDS Naturals
VARIABLE count
Init == count = 0
Next == count < 3 /\ count' = count + 1
Reached == count = 3
====
