----------------------------- MODULE ModQuorum -----------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* QuorumSystem.
EXTENDS Quorum, FiniteSets

Majorities == {Q \in SUBSET {1, 2, 3} : Cardinality(Q) \in {2, 3}}

ASSUME QuorumSystem({1}) = {{{1}}}
ASSUME Majorities \in QuorumSystem({1, 2, 3}) /\ SUBSET {1, 2} \notin QuorumSystem({1, 2})
ASSUME QuorumSystem({1, 2}) = {{{1, 2}}, {{1}, {1, 2}}, {{2}, {1, 2}}}
=============================================================================
