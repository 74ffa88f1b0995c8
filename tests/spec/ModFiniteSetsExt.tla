------------------------- MODULE ModFiniteSetsExt --------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of FiniteSetsExt.
EXTENDS FiniteSetsExt, Integers, FiniteSets, Sequences

ASSUME FoldSet(LAMBDA x, y : x + y, 0, 0 .. 10) = 55 /\ FoldSet(+, 3, {}) = 3
ASSUME FoldSet(LAMBDA x, y : <<x>> \o y, <<>>, {3, 1, 2}) = <<3, 2, 1>>
ASSUME FoldSet(LAMBDA x, y : Cardinality(x) + y, 0, SUBSET (1 .. 4)) = 32
ASSUME FoldSet(LAMBDA x, y : x[1] + y, 0, [1 .. 2 -> 1 .. 3]) = 18
ASSUME FoldSet(LAMBDA x, y : x + y, 0, {x \in 1 .. 3 : x > 1} \cup {2}) = 5
ASSUME ReduceSet(LAMBDA x, y : x * y, 1 .. 4, 1) = 24
ASSUME SumSet(1 .. 10) = 55 /\ SumSet({}) = 0
ASSUME ProductSet(1 .. 5) = 120 /\ ProductSet({}) = 1
ASSUME MapThenSumSet(LAMBDA r : r.n, {[n |-> 0], [n |-> 1], [n |-> 2]}) = 3
ASSUME FlattenSet({{1, 2}, {2, 3}, {}}) = {1, 2, 3}
ASSUME SymDiff({1, 2, 3}, {2, 3, 4}) = {1, 4} /\ SymDiff({1}, {1}) = {}
ASSUME Quantify(1 .. 9, LAMBDA n : n % 2 = 0) = 4 /\ Quantify({}, LAMBDA n : TRUE) = 0
ASSUME kSubset(2, 1 .. 3) = {{1, 2}, {1, 3}, {2, 3}}
ASSUME kSubset(0, {1}) = {{}} /\ kSubset(2, {1}) = {} /\ kSubset(-1, {1}) = {}
ASSUME Cardinality(kSubset(3, 1 .. 6)) = 20 /\ {1, 5} \in kSubset(2, 1 .. 6)
ASSUME Max({3, -1, 2}) = 3 /\ Min({3, -1, 2}) = -1 /\ Max({7}) = 7 /\ Min(5 .. 9) = 5
ASSUME Choices({{1, 2}, {3}}) = {{1, 3}, {2, 3}} /\ Choices({}) = {{}}
ASSUME Choices({{1, 2}, {2, 3}, {5}}) = {{1, 2, 5}, {1, 3, 5}, {2, 3, 5}, {2, 5}}
ASSUME ChooseUnique({2, 3, 4, 5}, LAMBDA x : x % 3 = 1) = 4
=============================================================================
