----------------------------- MODULE ModShiViz -----------------------------
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 3 generated, depth 3
\* Toolbox and ShiViz: the trace to explore is given by the configuration.
EXTENDS ShiViz, Integers, Sequences

VARIABLE at

\* Process q moves, then process p.
State(p, q) == [pc |-> [p |-> p, q |-> q]]
Steps == <<State("a", "a"), State("a", "b"), State("b", "b")>>

ASSUME _TETrace[2].pc = [p |-> "a", q |-> "b"]

Init == at = 1
Next == at < 3 /\ at' = at + 1

Positions == _TEPosition = at
Hosts == Host = CASE at = 1 -> "--" [] at = 2 -> "q" [] at = 3 -> "p"
Clocks == Clock = <<"{\"p\":0,\"q\":0}", "{\"p\":0,\"q\":1}", "{\"p\":1,\"q\":1}">>[at]
=============================================================================
