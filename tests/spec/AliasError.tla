------------------------------ MODULE AliasError ------------------------------
\* recorded: TLC cc6b616
\* expect: violates Small, 4 distinct, 4 generated, depth 4, trace 4
\* args: -coverage 1
\* An ALIAS that cannot be evaluated is said to be so, as a further variable. Coverage names an action by
\* its definition's left side, in the order of the text.
\* expect: prints _ALIASEvalError =
\* expect: prints <Add line 14, col 1 to line 14, col 6 of module AliasError>: 3:3
\* expect: prints <Stay line 15, col 1 to line 15, col 4 of module AliasError>: 0:0
EXTENDS Naturals
VARIABLE x

Init == x = 0
Add(n) == x < 5 /\ x' = x + n
Stay == x > 7 /\ x' = x
Next == Stay \/ \E n \in {1} : Add(n)
Small == x < 3
Renamed == [ex |-> x + "a"]
=============================================================================
