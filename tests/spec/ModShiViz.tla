----------------------------- MODULE ModShiViz -----------------------------
\* expect: ok, 3 distinct, 3 generated
\* Toolbox and ShiViz: the trace to explore is given by the configuration.
EXTENDS ShiViz, Integers, Sequences

VARIABLE at

\* Process 2 moves, then process 1.
Steps == <<[pc |-> <<"a", "a">>], [pc |-> <<"a", "b">>], [pc |-> <<"b", "b">>]>>

ASSUME _TETrace[2].pc = <<"a", "b">>

Init == at = 1
Next == at < 3 /\ at' = at + 1

Positions == _TEPosition = at
Hosts == Host = CASE at = 1 -> "--" [] at = 2 -> 2 [] at = 3 -> 1
Clocks == Clock = <<"[0,0]", "[0,1]", "[1,1]">>[at]
=============================================================================
