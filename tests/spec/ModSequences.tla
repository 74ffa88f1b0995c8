--------------------------- MODULE ModSequences ----------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of Sequences, on tuples, functions and, where they are sequences, strings.
EXTENDS Sequences, Integers

Squares == [i \in 1 .. 4 |-> i * i]

ASSUME Len(<<>>) = 0 /\ Len(<<7, 8>>) = 2 /\ Len(Squares) = 4 /\ Len("abc") = 3
ASSUME <<1>> \o <<2, 3>> = <<1, 2, 3>> /\ <<>> \o <<1>> = <<1>> /\ <<1>> \o <<>> = <<1>>
ASSUME Squares \circ <<25>> = <<1, 4, 9, 16, 25>>
ASSUME "ab" \o "c" = "abc" /\ "" \o "" = ""
ASSUME Append(<<1>>, <<2>>) = <<1, <<2>>>> /\ Append(Squares, 0) = <<1, 4, 9, 16, 0>>
ASSUME Head(<<7, 8>>) = 7 /\ Head(Squares) = 1
ASSUME Tail(<<7, 8>>) = <<8>> /\ Tail(<<7>>) = <<>> /\ Tail("abc") = "bc"
ASSUME SubSeq(Squares, 2, 3) = <<4, 9>> /\ SubSeq(Squares, 3, 2) = <<>>
ASSUME SubSeq(<<1>>, 7, 5) = <<>> /\ SubSeq("hello", 2, 4) = "ell" /\ SubSeq("a", 2, 1) = ""
ASSUME SelectSeq(Squares, LAMBDA x : x % 2 = 0) = <<4, 16>>
ASSUME LET Odd(x) == x % 2 = 1 IN SelectSeq(<<>>, Odd) = <<>>
ASSUME <<>> \in Seq({}) /\ <<1, 1>> \in Seq({1}) /\ <<1, 2>> \notin Seq({1})
ASSUME Squares \in Seq(Int) /\ {<<1>>, <<2, 3>>} \subseteq Seq(Nat)
=============================================================================
