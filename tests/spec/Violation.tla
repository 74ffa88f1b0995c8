\* cfg: Violation_Invariant.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: violates Never, 20 distinct, 43 generated, depth 6, trace 6
\* cfg: Violation_Initial.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: violates Start
\* cfg: Violation_Action.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: violates Monotone, 10 distinct, 18 generated, depth 3, trace 3
\* cfg: Violation_Always.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: violates Bounded, 8 distinct, 13 generated, depth 3, trace 3
\* cfg: Violation_Deadlocked.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: deadlock, 21 distinct, 48 generated, depth 6, trace 6
\* cfg: Violation_Assert.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: assert, 5 distinct, 9 generated, depth 2, trace 1
---- MODULE Violation ----
(* Counts at the stop of a one-worker run; the kinds of violation. *)
EXTENDS Naturals, TLC
VARIABLES x, y
vars == <<x, y>>
Init == x \in 0..2 /\ y = 0
Add(d) == x + d <= 6 /\ x' = x + d /\ y' = y
Swap == x > 0 /\ y < 2 /\ x' = x - 1 /\ y' = y + 1
Next == (\E d \in 1..2 : Add(d)) \/ Swap
Spec == Init /\ [][Next]_vars
Never == ~(x = 5 /\ y = 2)
Start == x < 2
Monotone == [][y' >= y /\ x' # 6]_vars
Bounded == []( x <= 4 )
Failing == Next /\ Assert(x' # 4, "four is reached")
Erring == Next /\ (x' = 6 => x' = "six")
====
