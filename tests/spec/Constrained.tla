\* cfg: Constrained_State.cfg
\* recorded: TLC cc6b616
\* expect: ok, 15 distinct, 31 generated, depth 5
\* cfg: Constrained_Action.cfg
\* recorded: TLC cc6b616
\* expect: ok, 9 distinct, 19 generated, depth 5
\* cfg: Constrained_Checked.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: violates Tight, 15 distinct, 22 generated, depth 5, trace 6
---- MODULE Constrained ----
(* CONSTRAINT and ACTION_CONSTRAINT: excluded states are generated, not kept, and still checked. *)
EXTENDS Naturals
VARIABLES a, b
Init == a = 0 /\ b = 0
Next == \/ a' = a + 1 /\ UNCHANGED b
        \/ b' = b + 1 /\ UNCHANGED a
Small == a + b <= 4
Climb == a' >= b'
Below == a + b <= 5
Tight == a + b <= 4
====
