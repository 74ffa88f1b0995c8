---- MODULE eval_4306_unassigned ----
EXTENDS Naturals
VARIABLES big, small
Init == big = 0
Next == big' = 5 /\ UNCHANGED small
====
