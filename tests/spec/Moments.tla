\* recorded: TLC cc6b616
\* expect: ok, 13 distinct, 79 generated, depth 4
---- MODULE Moments ----
(* What an argument or ENABLED says depends on the states it is looked at in, not on when it was
   first evaluated, nor on what the action around it has assigned. *)
EXTENDS Naturals
VARIABLES x, y
vars == <<x, y>>
Init == x = 0 /\ y = 0
Up == x < 3 /\ x' = x + 1 /\ y' = y
Follow(e) == x' \in 0..3 /\ y' = e
Flips(p) == p # p'
Turn == x' \in {0, 3} /\ y' = y /\ Flips(ENABLED Up)
Apart == x' = 2 /\ y' = 2 /\ ENABLED (x' = 1 /\ y' = 1)
Next == Follow(x' + 1) \/ Turn \/ Apart
Moves == [][~UNCHANGED <<x, y>>]_vars
====
