------------------------------ MODULE ModTLC -------------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* expect: prints "shown"  {1, 2}
\* expect: prints <<"printed", 7>>
\* Every operator of TLC; the registers are read back in the order of the assumptions.
EXTENDS TLC, Integers, Sequences, FiniteSets

ASSUME Print("shown", {2, 1, 2}) = {1, 2}
ASSUME PrintT(<<"printed", 7>>)
ASSUME Assert(TRUE, "never seen")
ASSUME JavaTime \in Nat /\ JavaTime > 0
ASSUME TLCSet(1, <<"stored">>) /\ TLCGet(1) = <<"stored">>
ASSUME TLCSet(1, TLCGet(1) \o <<2>>) /\ TLCGet(1) = <<"stored", 2>>
ASSUME TLCGet("level") = 0
ASSUME (3 :> "x") = [i \in {3} |-> "x"] /\ (1 :> 5) = <<5>> /\ ("a" :> 1) = [a |-> 1]
ASSUME (1 :> 5 @@ 2 :> 6) = <<5, 6>>
ASSUME ([a |-> 1] @@ [a |-> 2, b |-> 3]) = [a |-> 1, b |-> 3]
ASSUME (<<7>> @@ <<8, 9>>) = <<7, 9>>
ASSUME ((<<1, 0>> :> "left") @@ [p \in {0, 1} \X {0, 1} |-> "right"])[1, 0] = "left"
ASSUME Permutations({}) = {<<>>}
ASSUME Permutations({1, 2}) = {<<1, 2>>, <<2, 1>>}
ASSUME Cardinality(Permutations({"a", "b", "c"})) = 6
ASSUME \A f \in Permutations({"a", "b"}) : {f["a"], f["b"]} = {"a", "b"}
ASSUME SortSeq(<<3, 1, 2, 1>>, LAMBDA a, b : a < b) = <<1, 1, 2, 3>>
ASSUME SortSeq(<<3, 1, 2>>, LAMBDA a, b : a > b) = <<3, 2, 1>>
ASSUME SortSeq(<<<<1, "x">>, <<0, "y">>, <<1, "z">>>>, LAMBDA a, b : a[1] < b[1])
         = <<<<0, "y">>, <<1, "x">>, <<1, "z">>>>
ASSUME RandomElement({7}) = 7 /\ RandomElement(1 .. 9) \in 1 .. 9
ASSUME RandomElement([1 .. 20 -> 1 .. 20]) \in [1 .. 20 -> 1 .. 20]
ASSUME 1 \in Any /\ "a" \in Any /\ {<<>>} \in Any
ASSUME ToString(<<1, "a">>) = "<<1, \"a\">>" /\ ToString({2, 1, 2}) = "{1, 2}"
ASSUME ToString([b |-> TRUE]) = "[b |-> TRUE]" /\ ToString(-3) = "-3"
ASSUME TLCEval({x \in 1 .. 3 : x > 1}) = {2, 3} /\ TLCEval([x \in 1 .. 2 |-> x]) = <<1, 2>>
=============================================================================
