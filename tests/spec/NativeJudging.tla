---------------------------- MODULE NativeJudging ----------------------------
\* A constraint that cannot be evaluated, far behind the sample: emitted code has to hand the state over.
\* recorded: TLC cc6b616
\* expect: error FM4001, exit 75, 8997 distinct, 9086 generated, depth 3000, trace 3001
EXTENDS Naturals
VARIABLES x, y
Init == x = 0 /\ y = 0
Next == \/ x' = x + 1 /\ UNCHANGED y
        \/ x % 100 = 0 /\ y' = (y + 1) % 3 /\ UNCHANGED x
Con == IF x = 3000 THEN x = "a" ELSE x < 4000
=============================================================================
