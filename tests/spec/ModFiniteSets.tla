--------------------------- MODULE ModFiniteSets ---------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* IsFiniteSet and Cardinality, also of sets that nobody could enumerate.
EXTENDS FiniteSets, Naturals, Sequences

ASSUME IsFiniteSet({}) /\ IsFiniteSet(1 .. 9) /\ IsFiniteSet(SUBSET (1 .. 9))
ASSUME ~IsFiniteSet(Nat) /\ ~IsFiniteSet(STRING) /\ IsFiniteSet(BOOLEAN)
ASSUME Cardinality({}) = 0 /\ Cardinality({1, 2, 1}) = 2 /\ Cardinality(3 .. 7) = 5
ASSUME Cardinality(SUBSET (1 .. 10)) = 1024
ASSUME Cardinality([1 .. 3 -> 1 .. 4]) = 64
ASSUME Cardinality([a : 1 .. 3, b : BOOLEAN]) = 6
ASSUME Cardinality((1 .. 3) \X (1 .. 4) \X BOOLEAN) = 24
ASSUME Cardinality({x \in 1 .. 10 : x % 2 = 0} \cup {1, 2}) = 6
ASSUME Cardinality(UNION {1 .. 3, 2 .. 5}) = 5
=============================================================================
