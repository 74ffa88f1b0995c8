---------------------------- MODULE ModApalache ----------------------------
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 4 generated, depth 3
\* Every operator of Apalache with its plain meaning.
EXTENDS Apalache, Integers, Sequences, FiniteSets

VARIABLE x

Pair(a, b) == <<a, b>>

ASSUME Guess({7}) = 7 /\ Guess(1 .. 3) \in 1 .. 3
ASSUME SetAsFun({<<1, "a">>, <<2, "b">>}) = <<"a", "b">> /\ SetAsFun({}) = <<>>
ASSUME SetAsFun({<<"k", 1>>}) = [k |-> 1]
ASSUME MkSeq(3, LAMBDA i : i * i) = <<1, 4, 9>> /\ MkSeq(0, LAMBDA i : i) = <<>>
ASSUME FunAsSeq([i \in 1 .. 9 |-> i * i], 2, 3) = <<1, 4>>
ASSUME Skolem(\E i \in 1 .. 3 : i = 2) /\ Expand(SUBSET {1}) = {{}, {1}}
ASSUME ConstCardinality(Cardinality({1, 2}) >= 2)
ASSUME ApaFoldSet(LAMBDA a, b : a + b, 10, 1 .. 4) = 20 /\ ApaFoldSet(Pair, 0, {5}) = <<0, 5>>
ASSUME ApaFoldSeqLeft(Pair, 0, <<1, 2>>) = <<<<0, 1>>, 2>>
ASSUME Repeat(LAMBDA a, i : a + i, 4, 100) = 110 /\ Repeat(Pair, 0, "x") = "x"

Init == x := 1
Next == x' := (x % 3) + 1
=============================================================================
