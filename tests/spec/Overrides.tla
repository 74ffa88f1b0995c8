\* recorded: TLC cc6b616
\* expect: ok, 5 distinct, 6 generated, depth 4
---- MODULE Overrides ----
EXTENDS Integers, FiniteSets, TLC
CONSTANTS N, Op(_), Value, Colours
VARIABLE x
Small == 0..5
MyOp(a) == a + 1
MyValue == {1, 2}
Init == x \in {v \in Nat : v < 2}
Next == x < N /\ x' = Op(x)
Inv == x \in Nat /\ Cardinality(Colours) = 2 /\ Value = {1, 2}
====
