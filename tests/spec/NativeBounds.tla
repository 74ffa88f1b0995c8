\* Bounds that the constraint gives are known before values come near them: no state leaves the
\* shapes of emitted code, though the sample saw small values only.
\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 189000 distinct, 633441 generated, depth 541
\* expect: prints ; 0 states had to be done again
---- MODULE NativeBounds ----
EXTENDS Integers, Sequences
CONSTANT Max
VARIABLES n, seen, log, m
vars == <<n, seen, log, m>>

Init == n = 0 /\ seen = [p \in {"a", "b"} |-> [at |-> 0, old |-> FALSE]] /\ log = <<>> /\ m = 0
Tick == n' = n + 1 /\ UNCHANGED <<seen, log, m>>
See(p) == /\ seen[p].at < n - 1
          /\ seen' = [seen EXCEPT ![p].at = n - (n % 3), ![p].old = n > 9]
          /\ UNCHANGED <<n, log, m>>
Write == n % 60 = 7 /\ log' = Append(log, n) /\ UNCHANGED <<n, seen, m>>
Move == m' = (m + 1) % 40 /\ UNCHANGED <<n, seen, log>>
Next == Tick \/ (\E p \in {"a", "b"} : See(p)) \/ Write \/ Move
Spec == Init /\ [][Next]_vars
Few == /\ n <= Max
       /\ \A p \in DOMAIN seen : seen[p].at + 3 > n - 3
       /\ 2 > Len(log)
====
