\* recorded: TLC cc6b616
\* expect: deadlock, 5 distinct, 5 generated, depth 5, trace 5
\* cfg: Deadlock_Off.cfg
\* recorded: TLC cc6b616
\* expect: ok, 5 distinct, 5 generated, depth 5
---- MODULE Deadlock ----
EXTENDS Naturals
VARIABLE n
Init == n = 0
Next == n < 4 /\ n' = n + 1
====
