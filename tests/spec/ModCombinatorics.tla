-------------------------- MODULE ModCombinatorics -------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* factorial and choose.
EXTENDS Combinatorics, FiniteSets

ASSUME factorial[0] = 1 /\ factorial[5] = 120
ASSUME choose(5, 2) = 10 /\ choose(5, 0) = 1 /\ choose(5, 5) = 1 /\ choose(0, 0) = 1
ASSUME \A n \in 0 .. 6 : \A k \in 0 .. n :
         choose(n, k) = Cardinality({T \in SUBSET (1 .. n) : Cardinality(T) = k})
=============================================================================
