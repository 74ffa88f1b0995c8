--------------------------- MODULE RepeatedOutside ---------------------------
\* One step to a state is outside of the constraint, the next one to the same state is not.
\* recorded: TLC cc6b616
\* expect: ok, 21 distinct, 61 generated, depth 8
EXTENDS Naturals

VARIABLE x

Init == x \in 1 .. 4
Next == \E n \in 1 .. 3 : x < 20 /\ x' = x + 4 - n
Near == (x' - x < 3 /\ x' # 6) \/ x = 4 \/ x % 7 = 2
==============================================================================
