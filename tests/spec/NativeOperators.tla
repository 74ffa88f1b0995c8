\* Library operators in emitted code, upon variables: each equals the table of its values upon
\* constants, which the interpreter computes. Folds go in the interpreter's order.
\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 100 distinct, 361 generated, depth 19
---- MODULE NativeOperators ----
EXTENDS Integers, Sequences, SequencesExt, Functions, Bitwise, FiniteSetsExt
VARIABLES x, y
vars == <<x, y>>
Ints == 0..9
Seq2(n) == SubSeq(<<n % 2, n \div 4, n % 3>>, 1, n % 4)
Pairs(n) == SubSeq(<<<<n % 2, "a">>, <<1, "b">>>>, 1, n % 3)
F(n) == [i \in 0..3 |-> i * n]
List(S) == FoldSet(LAMBDA e, acc : Append(acc, e), <<>>, S)
Total(S) == FoldSet(LAMBDA a, b : a + b, 0, S)

Calls(n, m) ==
  <<IsPrefix(Seq2(n), Seq2(m)), IsPrefix(Pairs(n), Pairs(m)), IsPrefix(<<>>, Seq2(n)),
    IsPrefix(Seq2(m), Tail(<<n>>)), n & m, n | m, n ^^ (m + 7), (n * 37) & 255,
    FoldFunctionOnSet(LAMBDA a, b : a + 2 * b, n, F(m), {i \in 0..3 : i # n}),
    FoldFunctionOnSet(LAMBDA a, b : a + 2 * b, 1, F(n), {n % 4, m % 2})>>
Listed(n, m) == List({m, n, 3})
Subsets(n, m) ==
  FoldSet(LAMBDA e, acc : Append(acc, Total(e)), <<>>, SUBSET ({n % 5} \cup {m % 3, 1}))
Products(n, m) ==
  FoldSet(LAMBDA e, acc : Append(acc, e[1] - e[2]), <<>>, ({n, 4} \cup {m}) \X {1, 0})

Init == x = 0 /\ y = 0
Next == \/ x' \in Ints /\ x' - x \in {-1, 1} /\ UNCHANGED y
        \/ y' \in Ints /\ y' - y \in {-1, 1} /\ UNCHANGED x
Spec == Init /\ [][Next]_vars
CallTable == [n \in Ints, m \in Ints |-> Calls(n, m)]
SameCalls == Calls(x, y) = CallTable[x, y]
Folds == [n \in Ints, m \in Ints |-> <<Listed(n, m), Subsets(n, m), Products(n, m)>>]
SameLists == Listed(x, y) = Folds[x, y][1]
SameSubsets == Subsets(x, y) = Folds[x, y][2]
SameProducts == Products(x, y) = Folds[x, y][3]
====
