\* Emitted code and interpreter agree: each operator upon variables equals the table of its values
\* upon constants, which the interpreter computes. Max({}) is an error that must stay one.
\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 36 distinct, 229 generated, depth 7
\* cfg: NativeNumbersError.cfg
\* not recorded: TLC evaluates everything again, which counts twice and finds another error
\* expect: error FM4202, exit 76, 59 generated, depth 4, trace 4
\* workers: 1
---- MODULE NativeNumbers ----
EXTENDS Integers, FiniteSetsExt, DyadicRationals, Functions, SequencesExt
VARIABLES x, y
vars == <<x, y>>
Ints == -2..3

Init == x = 0 /\ y = 0
Next == \/ \E n \in Ints : x' = n /\ n - x \in -1..1 /\ UNCHANGED y
        \/ \E n \in Ints : y' = n /\ n - y \in -1..1 /\ UNCHANGED x
        \/ x' = x /\ y' = y
Spec == Init /\ [][Next]_vars

OfTwo == [a \in Ints, b \in Ints |->
  <<Max({a, b}), Min({a, b, a * b}), Max({a}), Max({a + i * b : i \in -1..2}),
    Min({a - i : i \in {j \in 0..b + 2 : j * j <= 4}}), Max({i \in -3..4 : i * i <= a * a}),
    Min({i * j : i \in {a, b}, j \in {a, 1 - b}})>>]
Two == <<Max({x, y}), Min({x, y, x * y}), Max({x}), Max({x + i * y : i \in -1..2}),
    Min({x - i : i \in {j \in 0..y + 2 : j * j <= 4}}), Max({i \in -3..4 : i * i <= x * x}),
    Min({i * j : i \in {x, y}, j \in {x, 1 - y}})>> = OfTwo[x, y]

F(n, d) == [num |-> n, den |-> d]
Sums(a, b) ==
  LET f == [i \in 1..3 |-> F(a + i, 2 ^ i)]
  IN  <<Half(F(a, 2)), Add(F(a, 4), F(b, 2)), Add(F(0, 1), F(b, 2)), FoldFunction(Add, Zero, f),
        FoldSeq(Add, F(b, 8), SubSeq(f, 1, (b + 4) \div 2)), Half(F(4 * b, 8))>>
OfSums == [a \in Ints, b \in Ints |-> Sums(a, b)]
Fractions == Sums(x, y) = OfSums[x, y]

Least == Min({i \in -3..4 : i > x + y + 1}) > -4
====
