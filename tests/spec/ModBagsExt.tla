---------------------------- MODULE ModBagsExt -----------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of BagsExt.
EXTENDS BagsExt, Bags, Integers, Sequences

B == [x \in {1, 5} |-> IF x = 1 THEN 2 ELSE 1]

ASSUME BagAdd(B, 1) = [x \in {1, 5} |-> IF x = 1 THEN 3 ELSE 1]
ASSUME BagAdd(B, 7) = [x \in {1, 5, 7} |-> IF x = 1 THEN 2 ELSE 1]
ASSUME BagAdd(EmptyBag, "a") = SetToBag({"a"})
ASSUME BagRemove(B, 1) = [x \in {1, 5} |-> 1]
ASSUME BagRemove(B, 5) = [x \in {1} |-> 2]
ASSUME BagRemove(B, 9) = B
ASSUME BagRemoveAll(B, 1) = SetToBag({5}) /\ BagRemoveAll(B, 9) = B
ASSUME FoldBag(LAMBDA x, y : x + y, 0, B) = 7 /\ FoldBag(LAMBDA x, y : x * y, 1, EmptyBag) = 1
ASSUME SumBag(B) = 7 /\ SumBag(EmptyBag) = 0
ASSUME ProductBag(B) = 5 /\ ProductBag([x \in {2, 3} |-> 2]) = 36 /\ ProductBag(EmptyBag) = 1
ASSUME MapThenFoldBag(LAMBDA x, y : x + y, 0, LAMBDA x : 1, LAMBDA S : CHOOSE x \in S : TRUE, B)
         = BagCardinality(B)
ASSUME MapThenFoldBag(LAMBDA x, y : x + y, 0, LAMBDA x : 2 * x, LAMBDA S : CHOOSE x \in S : TRUE, B)
         = 14
=============================================================================
