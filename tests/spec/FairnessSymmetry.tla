\* cfg: FairnessSymmetry.cfg
\* not recorded: TLC decides it on the states that are left, with a warning, and finds a violation
\* expect: ok, 2 distinct, 6 generated, depth 2
\* expect: prints Temporal properties were decided by a second search, without SYMMETRY: 15 states generated, 9 distinct states found.
\* cfg: FairnessSymmetry_Uneven.cfg
\* workers: 1
\* not recorded: as above; an invariant that is not symmetric is judged on one state of each orbit, and not once more
\* expect: ok, 2 distinct, 6 generated, depth 2
\* expect: prints Temporal properties were decided by a second search, without SYMMETRY: 15 states generated, 9 distinct states found.
---- MODULE FairnessSymmetry ----
(* A token goes round. All states are one under SYMMETRY, yet everybody has the token again and again. *)
EXTENDS Naturals, FiniteSets, TLC
CONSTANTS a, b, c
VARIABLES holder, had
Procs == {a, b, c}
vars == <<holder, had>>
Init == holder \in Procs /\ had = holder
Pass(p) == p # holder /\ holder' = p /\ had' = holder
Next == \E p \in Procs \ {holder, had} : Pass(p)
Spec == Init /\ [][Next]_vars /\ WF_vars(Next)
Everybody == \A p \in Procs : []<>(holder = p)
Symmetric == Permutations(Procs)
Uneven == holder # c
====
