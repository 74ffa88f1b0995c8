------------------------------- MODULE Judging -------------------------------
\* What cannot be evaluated on a successor is reported with that successor, which counts as generated:
\* CONSTRAINT, ACTION_CONSTRAINT, invariants and action properties alike.
\* cfg: Judging_Constraint.cfg
\* recorded: TLC cc6b616
\* expect: error FM4001, exit 75, 3 distinct, 4 generated, depth 2, trace 3
\* cfg: Judging_Initial.cfg
\* recorded: TLC cc6b616
\* expect: error FM4001, exit 75, 0 distinct, 1 generated, depth 1, trace 1
\* cfg: Judging_Action.cfg
\* recorded: TLC cc6b616
\* expect: error FM4001, exit 75, 3 distinct, 4 generated, depth 2, trace 3
\* cfg: Judging_Boolean.cfg
\* recorded: TLC cc6b616
\* expect: error FM4300, exit 75, 3 distinct, 4 generated, depth 2, trace 3
\* cfg: Judging_Alias.cfg
\* recorded: TLC cc6b616
\* expect: error FM4001, exit 75, 3 distinct, 4 generated, depth 2, trace 3
\* cfg: Judging_Assert.cfg
\* recorded: TLC cc6b616
\* expect: assert, 3 distinct, 4 generated, depth 2, trace 3
\* cfg: Judging_Property.cfg
\* recorded: TLC cc6b616
\* expect: error FM4001, exit 75, 4 distinct, 4 generated, depth 3, trace 3
\* cfg: Judging_Digest.cfg
\* recorded: TLC cc6b616
\* expect: error FM4017, exit 75, 2 distinct, 3 generated, depth 2, trace 1
\* TLC cannot show the state whose VIEW fails, and counts one more state where an invariant fails,
\* because it evaluates everything again for its list of positions.
\* cfg: Judging_View.cfg
\* not recorded: TLC shows the behaviour up to the state before
\* expect: error FM4001, exit 75, 3 distinct, 4 generated, depth 2, trace 3
\* cfg: Judging_Invariant.cfg
\* not recorded: TLC evaluates everything again and counts twice
\* expect: error FM4001, exit 76, 4 distinct, 4 generated, trace 3
EXTENDS Naturals, TLC
VARIABLES x, y

Init == x = 0 /\ y = 0
InitTwo == x = 2 /\ y = 0
A == x' = x + 1 /\ y' = 7
B == y' = y + 1 /\ UNCHANGED x
Next == A \/ B
NextNat == (B /\ y < 3) \/ (x' = Nat /\ UNCHANGED y)

Con == IF x = 2 THEN x = "a" ELSE x < 4
NoBoolean == IF x = 2 THEN x ELSE TRUE
Fails == IF x = 2 THEN Assert(FALSE, "two") ELSE TRUE
ActionCon == IF x' = 2 THEN x = "a" ELSE y < 4
Seen == <<x, y, Con>>
Property == [][ActionCon]_<<x, y>>
Renamed == [ex |-> x, why |-> y]
=============================================================================
