\* cfg: Fairness_None.cfg
\* recorded: TLC cc6b616
\* expect: violates Served, 8 distinct, 15 generated, depth 4
\* expect: prints State 3: Stuttering
\* expect: prints hint: the specification has no fairness
\* cfg: Fairness_Weak.cfg
\* recorded: TLC cc6b616
\* expect: violates Served, 8 distinct, 15 generated, depth 4
\* expect: prints Back to state
\* expect: prints WF_vars(Enter(1))
\* cfg: Fairness_Strong.cfg
\* recorded: TLC cc6b616
\* expect: ok, 8 distinct, 15 generated, depth 4
\* expect: prints 5 properties decided
\* cfg: Fairness_Settled.cfg
\* recorded: TLC cc6b616
\* expect: violates Quiet, 8 distinct, 15 generated, depth 4
\* cfg: Fairness_Refines.cfg
\* recorded: TLC cc6b616
\* expect: ok, 8 distinct, 15 generated, depth 4
\* cfg: Fairness_Abandons.cfg
\* recorded: TLC cc6b616
\* expect: violates TurnSpec, 8 distinct, 15 generated, depth 4
\* cfg: Fairness_Required.cfg
\* recorded: TLC cc6b616
\* expect: violates StrongEntry, 8 distinct, 15 generated, depth 4
\* cfg: Fairness_Inherited.cfg
\* recorded: TLC cc6b616
\* expect: ok, 8 distinct, 15 generated, depth 4
\* cfg: Fairness_Vacuous.cfg
\* recorded: TLC cc6b616
\* expect: ok, 8 distinct, 15 generated, depth 4
\* expect: prints Warning: Absent says nothing: lock = 3 is never true
\* cfg: Fairness_Unasked.cfg
\* recorded: TLC cc6b616
\* expect: ok, 8 distinct, 15 generated, depth 4
\* expect: prints Warning: Dropped says nothing: lock = 3 /\ pc[1] = "idle" is never true
\* cfg: Fairness_Never.cfg
\* recorded: TLC cc6b616
\* expect: ok, 8 distinct, 15 generated, depth 4
\* expect: prints is never enabled.
\* cfg: Fairness_Bounded.cfg
\* recorded: TLC cc6b616
\* expect: ok, 6 distinct, 12 generated, depth 4
\* expect: prints Temporal properties were decided without
\* cfg: Fairness_Failing.cfg
\* not recorded: TLC says that the initial state cannot be judged, and ends with status 0
\* expect: error FM4001, exit 255, trace 1
\* expect: prints Error: Evaluating lock = 0
---- MODULE Fairness ----
(* Temporal properties of a lock: what holds without fairness, with weak and with strong fairness. *)
EXTENDS Naturals
CONSTANT Procs
VARIABLES pc, lock
vars == <<pc, lock>>

Init == pc = [p \in Procs |-> "idle"] /\ lock = 0
Ask(p) == pc[p] = "idle" /\ pc' = [pc EXCEPT ![p] = "waiting"] /\ UNCHANGED lock
Enter(p) == pc[p] = "waiting" /\ lock = 0 /\ lock' = p /\ pc' = [pc EXCEPT ![p] = "inside"]
Leave(p) == pc[p] = "inside" /\ lock' = 0 /\ pc' = [pc EXCEPT ![p] = "idle"]
Steal(p) == lock = p /\ pc[p] = "idle" /\ lock' = 0 /\ UNCHANGED pc
Next == \E p \in Procs : Ask(p) \/ Enter(p) \/ Leave(p)

Spec == Init /\ [][Next]_vars
Weak == Spec /\ \A p \in Procs : WF_vars(Enter(p)) /\ WF_vars(Leave(p))
Strong == Spec /\ \A p \in Procs : SF_vars(Enter(p)) /\ WF_vars(Leave(p))
Kept == Spec /\ \A p \in Procs : SF_vars(Enter(p))
NeverFair == Weak /\ \A p \in Procs : SF_vars(Steal(p))

Exclusion == \A p, q \in Procs : pc[p] = "inside" /\ pc[q] = "inside" => p = q
Few == pc[1] # "inside"
Served == \A p \in Procs : pc[p] = "waiting" ~> pc[p] = "inside"
Again == \A p \in Procs : []<>(pc[p] = "waiting") => []<>(pc[p] = "inside")
Steps == []<><<\E p \in Procs : Leave(p)>>_vars \/ <>[](lock = 0)
Settles == []<>(lock = 0)
Released == [](lock # 0 => <>(lock = 0))
Quiet == <>[](lock = 0)
WeakEntry == \A p \in Procs : WF_vars(Enter(p))
StrongEntry == \A p \in Procs : SF_vars(Enter(p))
Absent == lock = 3 ~> lock = 1
Dropped == [](\A p \in Procs : lock = 3 /\ pc[p] = "idle" => <>(lock = 0))
Others == \A p, q \in Procs : [](p # q /\ pc[p] = "inside" => <>(lock # p))
Wrong == <>(lock = 0 /\ lock = "free")

Turn == INSTANCE FairnessTurn WITH busy <- lock # 0, who <- pc
TurnSpec == Turn!TurnSpec
====
