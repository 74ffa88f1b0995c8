-------------------------- MODULE ModSequencesExt --------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of SequencesExt.
EXTENDS SequencesExt, Integers, Sequences, FiniteSets

S == <<1, 2, 3, 2>>
Even(x) == x % 2 = 0

ASSUME ToSet(S) = {1, 2, 3} /\ ToSet(<<>>) = {} /\ ToSet([i \in 1 .. 2 |-> "x"]) = {"x"}
ASSUME ToBag(S) = <<1, 2, 1>> /\ ToBag(<<"a">>) = [x \in {"a"} |-> 1]
ASSUME SetToSeq({}) = <<>> /\ SetToSeq({3, 1, 2}) = <<1, 2, 3>>
ASSUME ToSet(SetToSeq({"b", "a"})) = {"a", "b"} /\ Len(SetToSeq({"b", "a"})) = 2
ASSUME SetToSeqs({}) = {<<>>} /\ SetToSeqs({1, 2}) = {<<1, 2>>, <<2, 1>>}
ASSUME Cardinality(SetToSeqs(1 .. 4)) = 24
ASSUME SetToSortSeq({3, 1, 2}, LAMBDA a, b : a > b) = <<3, 2, 1>> /\ SetToSortSeq({1, 2}, <) = <<1, 2>>
ASSUME SetToAllKPermutations({1, 2}) = {<<>>, <<1>>, <<2>>, <<1, 2>>, <<2, 1>>}
ASSUME TupleOf({1, 2}, 2) = {<<1, 1>>, <<1, 2>>, <<2, 1>>, <<2, 2>>} /\ TupleOf({1}, 0) = {<<>>}
ASSUME SeqOf({"a"}, 2) = {<<>>, <<"a">>, <<"a", "a">>}
ASSUME BoundedSeq({1, 2}, 1) = {<<>>, <<1>>, <<2>>}
ASSUME Contains(S, 3) /\ ~Contains(S, 4) /\ ~Contains(<<>>, 1)
ASSUME IsSorted(<<1, 2, 2>>, <=) /\ ~IsSorted(S, <=) /\ IsSorted(<<>>, <)
ASSUME Reverse(S) = <<2, 3, 2, 1>> /\ Reverse(<<>>) = <<>>
ASSUME Remove(S, 2) = <<1, 3>> /\ Remove(S, 9) = S
ASSUME ReplaceAll(S, 2, 9) = <<1, 9, 3, 9>> /\ ReplaceAll(<<>>, 1, 2) = <<>>
ASSUME SelectInSeq(S, Even) = 2 /\ SelectInSeq(<<1, 3>>, Even) = 0
ASSUME SelectLastInSeq(S, Even) = 4 /\ SelectLastInSeq(<<>>, Even) = 0
ASSUME SelectInSubSeq(S, 3, 4, Even) = 4 /\ SelectInSubSeq(S, 3, 3, Even) = 0
ASSUME SelectInSubSeq(S, 4, 3, Even) = 0
ASSUME SelectLastInSubSeq(S, 1, 3, Even) = 2 /\ SelectLastInSubSeq(S, 2, 1, Even) = 0
ASSUME InsertAt(S, 1, 9) = <<9, 1, 2, 3, 2>> /\ InsertAt(<<1>>, 2, 9) = <<1, 9>>
ASSUME ReplaceAt(S, 2, 9) = <<1, 9, 3, 2>>
ASSUME RemoveAt(S, 1) = <<2, 3, 2>> /\ RemoveAt(S, 4) = <<1, 2, 3>>
ASSUME RemoveFirst(S, 2) = <<1, 3, 2>> /\ RemoveFirst(S, 9) = S /\ RemoveFirst(<<>>, 1) = <<>>
ASSUME RemoveFirstMatch(S, Even) = <<1, 3, 2>> /\ RemoveFirstMatch(<<1>>, Even) = <<1>>
ASSUME Cons(9, S) = <<9, 1, 2, 3, 2>> /\ Snoc(9, <<1>>) = <<1, 9>>
ASSUME Front(S) = <<1, 2, 3>> /\ Front(<<1>>) = <<>> /\ Last(S) = 2
ASSUME IsPrefix(<<1, 2>>, S) /\ ~IsPrefix(<<2>>, S) /\ IsPrefix(<<>>, <<>>) /\ IsPrefix(S, S)
ASSUME IsPrefix("he", "hello") /\ ~IsPrefix("hello", "he")
ASSUME IsStrictPrefix(<<1>>, S) /\ ~IsStrictPrefix(S, S)
ASSUME IsSuffix(<<3, 2>>, S) /\ ~IsSuffix(<<3>>, S) /\ IsSuffix(<<>>, S)
ASSUME IsStrictSuffix(<<2>>, S) /\ ~IsStrictSuffix(S, S)
ASSUME Prefixes(<<1, 2>>) = {<<>>, <<1>>, <<1, 2>>} /\ Prefixes(<<>>) = {<<>>}
ASSUME Suffixes(<<1, 2>>) = {<<>>, <<2>>, <<1, 2>>} /\ Suffixes(<<>>) = {<<>>}
ASSUME CommonPrefixes({<<1, 2>>, <<1, 3>>}) = {<<>>, <<1>>}
ASSUME LongestCommonPrefix({<<1, 2, 3>>, <<1, 2, 4>>}) = <<1, 2>>
ASSUME LongestCommonPrefix({<<1>>, <<2>>}) = <<>> /\ LongestCommonPrefix({"abc", "abd"}) = "ab"
ASSUME SeqMod(3, 3) = 3 /\ SeqMod(4, 3) = 1
ASSUME FoldSeq(LAMBDA x, y : <<x, y>>, "base", <<1, 2>>) = <<2, <<1, "base">>>>
ASSUME FoldLeft(LAMBDA x, y : <<x, y>>, "base", <<1, 2>>) = <<<<"base", 1>>, 2>>
ASSUME FoldRight(LAMBDA x, y : <<x, y>>, <<1, 2>>, "base") = <<1, <<2, "base">>>>
ASSUME FoldLeftDomain(LAMBDA x, y : <<x, y>>, "base", <<"p", "q">>) = <<<<"base", 1>>, 2>>
ASSUME FoldRightDomain(LAMBDA x, y : <<x, y>>, <<"p", "q">>, "base") = <<1, <<2, "base">>>>
ASSUME FoldLeft(LAMBDA x, y : x, 7, <<>>) = 7 /\ FoldRight(LAMBDA x, y : x, <<>>, 7) = 7
ASSUME FlattenSeq(<<<<1>>, <<>>, <<2, 3>>>>) = <<1, 2, 3>> /\ FlattenSeq(<<"ab", "c">>) = "abc"
ASSUME FlattenSeq(<<>>) = <<>>
ASSUME Zip(<<1, 2>>, <<"a", "b", "c">>) = <<<<1, "a">>, <<2, "b">>>> /\ Zip(<<>>, S) = <<>>
ASSUME Interleave(<<1, 2>>, <<3, 4>>) = <<<<1>>, <<3>>, <<2>>, <<4>>>>
ASSUME SubSeqs(<<1, 2>>) = {<<>>, <<1>>, <<2>>, <<1, 2>>}
ASSUME AllSubSeqs(<<1, 2, 3>>)
         = {<<>>, <<1>>, <<2>>, <<3>>, <<1, 2>>, <<1, 3>>, <<2, 3>>, <<1, 2, 3>>}
ASSUME IndexFirstSubSeq(<<2>>, S) = 2 /\ IndexFirstSubSeq(<<3, 2>>, S) = 3
ASSUME ReplaceSubSeqAt(2, <<9>>, <<2, 3>>, S) = <<1, 9, 2>>
ASSUME ReplaceFirstSubSeq(<<9>>, <<2>>, S) = <<1, 9, 3, 2>>
ASSUME ReplaceFirstSubSeq(<<9>>, <<4>>, S) = S /\ ReplaceFirstSubSeq(<<9>>, <<>>, <<1>>) = <<9, 1>>
ASSUME ReplaceFirstSubSeq("x", "a", "banana") = "bxnana"
ASSUME ReplaceFirstSubSeq("x", "", "ab") = "xab"
ASSUME ReplaceAllSubSeqs(<<>>, <<1, 1>>, <<1, 1, 1>>) = <<1>>
ASSUME ReplaceAllSubSeqs(<<0>>, <<>>, <<1, 2>>) = <<0, 1, 0, 2>>
ASSUME ReplaceAllSubSeqs("oo", "o", "foo") = "foooo" /\ ReplaceAllSubSeqs("-", "", "ab") = "-a-b"
ASSUME ReplaceAllSubSeqs("x", "zz", "ab") = "ab"
=============================================================================
