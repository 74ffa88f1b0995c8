\* The specification ends the search itself; -depth ends it from outside.
\* recorded: TLC cc6b616
\* expect: ok, 101 distinct, 199 generated, depth 51
\* expect: prints The specification ended the search
\* cfg: Exit_Depth.cfg
\* args: -depth 3
\* not recorded: -depth bounds only simulated behaviours in TLC
\* expect: ok, 5 distinct, 7 generated, depth 3
\* expect: prints behaviors of at most 3 states
---- MODULE Exit ----
EXTENDS Naturals, TLC
VARIABLE x
Init == x = 0
Next == x' = x + 1 \/ x' = x + 2
Enough == x < 100 \/ TLCSet("exit", TRUE)
====
