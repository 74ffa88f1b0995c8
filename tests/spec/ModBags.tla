------------------------------ MODULE ModBags ------------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of Bags.
EXTENDS Bags, Integers, FiniteSets

B == [x \in {"a", "b"} |-> IF x = "a" THEN 2 ELSE 1]
C == [x \in {"b", "c"} |-> 3]

ASSUME IsABag(B) /\ IsABag(EmptyBag) /\ IsABag(<<4, 5>>)
ASSUME ~IsABag([x \in {1} |-> 0]) /\ ~IsABag([x \in {1} |-> "a"]) /\ ~IsABag({1})
ASSUME BagToSet(B) = {"a", "b"} /\ BagToSet(EmptyBag) = {}
ASSUME SetToBag({"a"}) = [x \in {"a"} |-> 1] /\ SetToBag({}) = EmptyBag
ASSUME SetToBag({3, 3, 4}) = [x \in {3, 4} |-> 1]
ASSUME BagIn("a", B) /\ ~BagIn("z", B) /\ ~BagIn("a", EmptyBag)
ASSUME EmptyBag = <<>> /\ DOMAIN EmptyBag = {}
ASSUME CopiesIn("a", B) = 2 /\ CopiesIn("z", B) = 0
ASSUME B (+) C = [x \in {"a", "b", "c"} |-> CASE x = "a" -> 2 [] x = "b" -> 4 [] x = "c" -> 3]
ASSUME B \oplus EmptyBag = B
ASSUME C (-) B = [x \in {"b", "c"} |-> IF x = "b" THEN 2 ELSE 3]
ASSUME B \ominus B = EmptyBag /\ EmptyBag (-) B = EmptyBag
ASSUME SetToBag({"a"}) \sqsubseteq B /\ ~(B \sqsubseteq SetToBag({"a"})) /\ B \sqsubseteq B
ASSUME ~(B \sqsubseteq C) /\ EmptyBag \sqsubseteq C
ASSUME BagUnion({B, C}) = B (+) C /\ BagUnion({B, B}) = B /\ BagUnion({}) = EmptyBag
ASSUME SubBag(SetToBag({1, 2}))
         = {EmptyBag, SetToBag({1}), SetToBag({2}), SetToBag({1, 2})}
ASSUME Cardinality(SubBag(B)) = 6
ASSUME BagOfAll(LAMBDA x : IF x = x THEN "same" ELSE x, B) = [x \in {"same"} |-> 3]
ASSUME BagOfAll(LAMBDA x : <<x>>, B) = [x \in {<<"a">>, <<"b">>} |-> IF x = <<"a">> THEN 2 ELSE 1]
ASSUME BagCardinality(B) = 3 /\ BagCardinality(EmptyBag) = 0
=============================================================================
