---- MODULE eval_4304_used ----
EXTENDS Naturals
VARIABLES x, y
Init == x = 0 /\ y = 0
Both == x' = y' + 1 /\ y' = y + 1
Next == Both
====
