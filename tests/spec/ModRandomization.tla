-------------------------- MODULE ModRandomization -------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of Randomization: what must hold of every outcome.
EXTENDS Randomization, Integers, FiniteSets

ASSUME \A k \in 0 .. 5 : LET T == RandomSubset(k, 1 .. 5)
                         IN  T \subseteq 1 .. 5 /\ Cardinality(T) = k
ASSUME RandomSubset(2, {"a", "b"}) = {"a", "b"}
ASSUME LET sets == RandomSetOfSubsets(7, 3, 1 .. 10)
       IN  sets \subseteq SUBSET (1 .. 10) /\ Cardinality(sets) \in 1 .. 7
ASSUME RandomSetOfSubsets(4, 0, 1 .. 10) = {{}} /\ RandomSetOfSubsets(4, 10, 1 .. 10) = {1 .. 10}
ASSUME LET sizes == TestRandomSetOfSubsets(5, 2, 1 .. 8)
       IN  DOMAIN sizes = 1 .. 5 /\ \A i \in 1 .. 5 : sizes[i] \in 1 .. 5
=============================================================================
