---------------------------- MODULE ModRealTime ----------------------------
\* recorded: TLC cc6b616
\* expect: ok, 4 distinct, 4 generated, depth 4
\* The formulas of RealTime and DifferentialEquations are for reading: a specification that contains
\* them is checked as long as it does not evaluate them.
EXTENDS RealTime, DifferentialEquations

VARIABLE x

Init == now = 0 /\ x = 0
Next == now < 3 /\ now' = now + 1 /\ x' = 1 - x
vars == <<now, x>>

Spec == Init /\ [][Next]_vars
Timed == Spec /\ RTnow(x) /\ RTBound(Next, x, 1, 2)
Solution == Integrate([r \in Real |-> r], 0, 1, <<0>>)

Clock == now \in 0 .. 3
=============================================================================
