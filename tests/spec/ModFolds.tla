----------------------------- MODULE ModFolds ------------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* MapThenFoldSet: the last element chosen is combined with the base.
EXTENDS Folds, Integers, Sequences

Least(S) == CHOOSE x \in S : \A y \in S : x <= y
Greatest(S) == CHOOSE x \in S : \A y \in S : x >= y
Pair(x, y) == <<x, y>>

ASSUME MapThenFoldSet(Pair, "base", LAMBDA x : 10 * x, Least, {1, 2, 3})
         = <<10, <<20, <<30, "base">>>>>>
ASSUME MapThenFoldSet(Pair, "base", LAMBDA x : x, Greatest, 1 .. 3)
         = <<3, <<2, <<1, "base">>>>>>
ASSUME MapThenFoldSet(Pair, "base", LAMBDA x : x, Least, {}) = "base"
ASSUME MapThenFoldSet(LAMBDA x, y : x \cup y, {}, LAMBDA x : {{x}}, LAMBDA S : CHOOSE x \in S : TRUE,
                      {1, 2}) = {{1}, {2}}
ASSUME MapThenFoldSet(+, 0, LAMBDA x : x, LAMBDA S : CHOOSE x \in S : TRUE, 1 .. 8) = 36
=============================================================================
