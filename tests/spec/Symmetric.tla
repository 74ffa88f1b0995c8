\* cfg: Symmetric_Full.cfg
\* recorded: TLC cc6b616
\* expect: ok, 128 distinct, 385 generated, depth 10
\* cfg: Symmetric_Reduced.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: ok, 22 distinct, 73 generated, depth 10
---- MODULE Symmetric ----
EXTENDS Naturals, FiniteSets, TLC
CONSTANT Procs, Slots
VARIABLES owner, done
vars == <<owner, done>>
Perms == Permutations(Procs) \cup Permutations(Slots)
Init == owner = [s \in Slots |-> Procs] /\ done = {}
Take(p, s) == owner[s] = Procs /\ owner' = [owner EXCEPT ![s] = {p}] /\ UNCHANGED done
Finish(p) == p \notin done /\ (\E s \in Slots : owner[s] = {p}) /\ done' = done \cup {p} /\ UNCHANGED owner
Release(s) == owner[s] # Procs /\ owner[s] \subseteq done /\ owner' = [owner EXCEPT ![s] = Procs] /\ UNCHANGED done
Next == (\E p \in Procs : Finish(p) \/ \E s \in Slots : Take(p, s)) \/ \E s \in Slots : Release(s)
Spec == Init /\ [][Next]_vars
Fine == Cardinality(done) <= Cardinality(Procs)
====
