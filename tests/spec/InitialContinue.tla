---------------------------- MODULE InitialContinue ----------------------------
\* With -continue every invariant that is false in an initial state is named.
\* args: -continue
\* not recorded: TLC ends with status 0 after -continue
\* expect: violates Small, 2 distinct, 4 generated, depth 1
\* expect: prints Error: Invariant Small is violated by the initial state:
\* expect: prints Error: Invariant Large is violated by the initial state:
EXTENDS Naturals
VARIABLE x
Init == x \in {1, 2}
Next == x' = x
Small == x < 2
Large == x > 5
=============================================================================
