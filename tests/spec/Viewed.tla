\* workers: 1
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 4 generated, depth 3
---- MODULE Viewed ----
EXTENDS Naturals
VARIABLES clock, turn
vars == <<clock, turn>>
Init == clock = 0 /\ turn = 0
Next == clock' = clock + 1 /\ turn' = (turn + 1) % 3
Spec == Init /\ [][Next]_vars
Turn == turn
InRange == turn \in 0..2
====
