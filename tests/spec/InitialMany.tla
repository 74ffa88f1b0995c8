----------------------------- MODULE InitialMany -----------------------------
\* Initial states by the thousand: several workers make them together, unless something is wrong with
\* one, or some are equal.
\* cfg: InitialMany.cfg
\* recorded: TLC cc6b616
\* expect: ok, 12500 distinct, 24500 generated, depth 6
\* cfg: InitialMany_Twice.cfg
\* recorded: TLC cc6b616
\* expect: ok, 12500 distinct, 36500 generated, depth 6
\* cfg: InitialMany_First.cfg
\* recorded: TLC cc6b616
\* expect: violates First
\* cfg: InitialMany_Outside.cfg
\* recorded: TLC cc6b616
\* expect: violates Inside
\* cfg: InitialMany_Constrained.cfg
\* recorded: TLC cc6b616
\* expect: ok, 12395 distinct, 24395 generated, depth 6
\* cfg: InitialMany_Error.cfg
\* recorded: TLC cc6b616
\* expect: error FM4201, exit 75, 9601 distinct, 9601 generated, depth 1
\* cfg: InitialMany_Property.cfg
\* recorded: TLC cc6b616
\* expect: violates Even
\* cfg: InitialMany_Step.cfg
\* recorded: TLC cc6b616
\* expect: violates Step, 12182 distinct, 24082 generated, depth 3, trace 3
EXTENDS Naturals

VARIABLES x, y

Init == x \in 0 .. 99 /\ y \in 0 .. 119
Twice == \E n \in {1, 2} : x \in 0 .. 99 /\ y \in 0 .. 119
Next == x' = x /\ y' = IF y > 117 THEN y + 1 ELSE y

First == ~(x = 70 /\ y = 50)
Near == x + y < 210
Inside == x + y < 215
Bound == x + y < 300
Kind == x = 80 => y < "no number"
Even == x * y # 77 * 7
Step == ~(x = 81 /\ y = 121)
Small == y < 125

Spec == Init /\ [][Next]_<<x, y>>
==============================================================================
