---------------------------- MODULE ModRelation ----------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of Relation, on a relation as a function and as an operator.
EXTENDS Relation, Integers

S == 1 .. 3
Graph(op(_, _)) == [x, y \in S |-> op(x, y)]
Leq == Graph(LAMBDA x, y : x <= y)
Less == Graph(LAMBDA x, y : x < y)
Near(x, y) == x - y \in -1 .. 1
Next(x, y) == y = x + 1
Divides(x, y) == y % x = 0

ASSUME IsReflexive(Leq, S) /\ ~IsReflexive(Less, S)
ASSUME IsReflexiveUnder(<=, S) /\ ~IsReflexiveUnder(<, S)
ASSUME IsIrreflexive(Less, S) /\ ~IsIrreflexive(Leq, S)
ASSUME IsIrreflexiveUnder(<, S) /\ ~IsIrreflexiveUnder(Near, S)
ASSUME IsSymmetric(Graph(Near), S) /\ ~IsSymmetric(Less, S)
ASSUME IsSymmetricUnder(Near, S) /\ ~IsSymmetricUnder(<, S)
ASSUME IsAntiSymmetric(Leq, S) /\ ~IsAntiSymmetric(Graph(Near), S)
ASSUME IsAntiSymmetricUnder(<=, S) /\ ~IsAntiSymmetricUnder(Near, S)
ASSUME IsAsymmetric(Less, S) /\ ~IsAsymmetric(Leq, S)
ASSUME IsAsymmetricUnder(<, S) /\ ~IsAsymmetricUnder(<=, S)
ASSUME IsTransitive(Leq, S) /\ ~IsTransitive(Graph(Next), S)
ASSUME IsTransitiveUnder(<, S) /\ ~IsTransitiveUnder(Near, S)
ASSUME IsStrictlyPartiallyOrdered(Less, S) /\ ~IsStrictlyPartiallyOrdered(Leq, S)
ASSUME IsStrictlyPartiallyOrderedUnder(<, S) /\ ~IsStrictlyPartiallyOrderedUnder(Next, S)
ASSUME IsPartiallyOrdered(Graph(Divides), S) /\ ~IsPartiallyOrdered(Less, S)
ASSUME IsPartiallyOrderedUnder(Divides, S) /\ ~IsPartiallyOrderedUnder(Near, S)
ASSUME IsStrictlyTotallyOrdered(Less, S) /\ ~IsStrictlyTotallyOrdered(Leq, S)
ASSUME IsStrictlyTotallyOrderedUnder(<, S) /\ ~IsStrictlyTotallyOrderedUnder(Next, S)
ASSUME IsTotallyOrdered(Leq, S) /\ ~IsTotallyOrdered(Graph(Divides), S)
ASSUME IsTotallyOrderedUnder(<=, S) /\ ~IsTotallyOrderedUnder(Divides, S)
ASSUME TransitiveClosure(Graph(Next), S) = Less
ASSUME TransitiveClosure(Leq, S) = Leq /\ TransitiveClosure(<<>>, {}) = <<>>
ASSUME ReflexiveTransitiveClosure(Graph(Next), S) = Leq
ASSUME IsConnected(Graph(Near), S) /\ ~IsConnected(Graph(Next), S)
ASSUME IsConnected(Graph(LAMBDA x, y : y = (x % 3) + 1), S)
=============================================================================
