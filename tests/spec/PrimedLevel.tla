\* recorded: TLC cc6b616
\* expect: ok, 12 distinct, 25 generated, depth 6
---- MODULE PrimedLevel ----
(* The level of a step's states: that of the old one, and primed that of the new one. *)
EXTENDS Naturals, TLC

VARIABLES x, at

Init == x = 0 /\ at = TLCGet("level")
Next ==
    /\ Assert(TLCGet("level")' = TLCGet("level") + 1, "before the assignments")
    /\ x' \in {x + 1, x + 2}
    /\ at' = TLCGet("level")'
    /\ Assert(TLCGet("level")' = TLCGet("level") + 1, "after the assignments")
Small == x < 6
Rises == TLCGet("level")' = TLCGet("level") + 1
Levels == at \in {0, TLCGet("level")}
====
