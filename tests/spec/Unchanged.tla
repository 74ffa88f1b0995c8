------------------------------ MODULE Unchanged ------------------------------
\* Successors that equal their parent, before others, among them and behind: they count, their
\* state is no deadlock, and what is said of steps holds for them too.
\* cfg: Unchanged.cfg
\* recorded: TLC cc6b616
\* expect: ok, 40 distinct, 296 generated, depth 10
\* cfg: Unchanged_Low.cfg
\* recorded: TLC cc6b616
\* expect: violates Low, 15 distinct, 72 generated, depth 4, trace 4
\* cfg: Unchanged_Step.cfg
\* recorded: TLC cc6b616
\* expect: error FM4001, exit 75, 12 distinct, 57 generated, depth 3, trace 4
\* cfg: Unchanged_Outside.cfg
\* args: -continue
\* not recorded: TLC ends with status 0 after -continue
\* expect: violates Small, 40 distinct, 296 generated, depth 10
\* expect: prints Model checking completed. 160 violations found.
EXTENDS Naturals

VARIABLES x, y

Init == x = 0 /\ y \in 0 .. 3

Same(n) == x # n /\ x' = x /\ y' = y
Move == x < 9 /\ x' = x + 1 /\ y' = y
Lower == x' = x /\ y' = IF y > 2 THEN 2 ELSE y

Next == \/ \E n \in 0 .. 2 : Same(n)
        \/ Lower
        \/ Move
        \/ \E n \in 1 .. 3 : Same(n)

Spec == Init /\ [][Next]_<<x, y>>

Low == ~(x = 3 /\ y = 2)
Small == x < 5
Stays == [][IF x' = x /\ x = 2 THEN y' + 1 = "two" ELSE TRUE]_y
Leaves == x' # x
==============================================================================
