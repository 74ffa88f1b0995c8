------------------------------ MODULE Possible ------------------------------
\* _POSSIBLE: what is named there is counted like a constraint, and each must have been TRUE in the end.
\* cfg: Possible_Seen.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 4 generated, depth 3
\* cfg: Possible_Workers.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 4 generated, depth 3
\* cfg: Possible_State.cfg
\* recorded: TLC cc6b616
\* expect: assumption, 3 distinct, 4 generated, depth 3
\* expect: prints Postcondition Never at line 50, col 10 to line 50, col 14 of module Possible is false.
\* cfg: Possible_Step.cfg
\* recorded: TLC cc6b616
\* expect: assumption, 3 distinct, 4 generated, depth 3
\* expect: prints [Two |-> 1, Skips |-> 0]
\* expect: prints Postcondition Skips at line 53, col 10 to line 53, col 19 of module Possible is false.
\* cfg: Possible_Deadlock.cfg
\* recorded: TLC cc6b616
\* expect: deadlock, 1 distinct, 1 generated, depth 1, trace 1
\* expect: prints Postcondition Skips
\* cfg: Possible_Constraint.cfg
\* recorded: TLC cc6b616
\* expect: assumption, 2 distinct, 3 generated, depth 2
\* expect: prints Postcondition Two
\* cfg: Possible_Replaced.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 4 generated, depth 3
\* cfg: Possible_Wrong.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: error FM4300, exit 75, 1 distinct, 2 generated, depth 1, trace 2
\* cfg: Possible_Invariant.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: violates Small, 3 distinct, 3 generated, depth 3, trace 3
EXTENDS Naturals, TLC
VARIABLE x

Init == x = 0
Next == x' = (x + 1) % 3
Stuck == FALSE /\ Next
Low == x < 2
Small == x < 2

\* States.
One == x = 1
Two == x = 2
Never == x = 5

\* Steps.
Skips == x' = x + 2
Wraps == x = 2 /\ x' = 0
Wrong == IF x = 1 THEN x ELSE TRUE

Counts ==
  LET seen == TLCGet("all:named")["s:_possible"][1]
  IN  seen = [One |-> 1, Two |-> 1, Wraps |-> 1]
=============================================================================
