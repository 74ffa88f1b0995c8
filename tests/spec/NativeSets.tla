\* Emitted code and interpreter agree: each operator upon variables equals the table of its values
\* upon constants, which the interpreter computes.
\* args: --native-wait
\* recorded: TLC cc6b616
\* expect: ok, 1024 distinct, 12802 generated, depth 10
---- MODULE NativeSets ----
EXTENDS Integers, FiniteSets, FiniteSetsExt, Functions, TLC
CONSTANTS p, q, r
VARIABLES a, b, c
vars == <<a, b, c>>
P == {p, q, r}
U == {0, 1, 2, 5}

Init == a = {} /\ b = {} /\ c \in {{}, {p, r}}
Next ==
  \/ \E x \in U : a' = a \cup {x} /\ UNCHANGED <<b, c>>
  \/ \E x \in a : a' = a \ {x} /\ UNCHANGED <<b, c>>
  \/ \E x \in U : b' = (b \ {x}) \cup ({x} \ b) /\ UNCHANGED <<a, c>>
  \/ c # {} /\ c' = {} /\ UNCHANGED <<a, b>>
  \/ c = {} /\ \E d \in SUBSET P : d # {q} /\ c' = d \ {q} /\ UNCHANGED <<a, b>>
Spec == Init /\ [][Next]_vars

Even(x) == x % 2 = 0
Twice(x) == 2 * x
Odd(x, acc) == IF Even(x) THEN acc ELSE acc + 1

OfTwo == [S \in SUBSET U, T \in SUBSET U |->
  <<S \cup T, S \cap T, S \ T, S \subseteq T, S = T, S \cup {7}, {1, 7} \ T, S \cap {1, 7},
    {x \in S : x \notin T}, {x + 1 : x \in S \cup T}, {x + y : x \in S, y \in T},
    UNION {S, T, {9}}, UNION {{x, x + 1} : x \in S}, S \in SUBSET T, 1 \in T, S \subseteq 0..3>>]
Two == <<a \cup b, a \cap b, a \ b, a \subseteq b, a = b, a \cup {7}, {1, 7} \ b, a \cap {1, 7},
    {x \in a : x \notin b}, {x + 1 : x \in a \cup b}, {x + y : x \in a, y \in b},
    UNION {a, b, {9}}, UNION {{x, x + 1} : x \in a}, a \in SUBSET b, 1 \in b, a \subseteq 0..3>>
    = OfTwo[a, b]

OfOne == [S \in SUBSET U |->
  <<Cardinality(S), SumSet(S), ProductSet(S), MapThenSumSet(Twice, S), Quantify(S, Even),
    FoldSet(Odd, 0, S), IsFiniteSet(S), Cardinality({x \in SUBSET S : Cardinality(x) = 2}),
    [x \in S |-> x + 1], DOMAIN [x \in S |-> x * x], S \X {1}, {x \in S : \A y \in S : y <= x},
    IF S = {} THEN 0 ELSE CHOOSE x \in S : \A y \in S : x <= y>>]
One == <<Cardinality(a), SumSet(a), ProductSet(a), MapThenSumSet(Twice, a), Quantify(a, Even),
    FoldSet(Odd, 0, a), IsFiniteSet(a), Cardinality({x \in SUBSET a : Cardinality(x) = 2}),
    [x \in a |-> x + 1], DOMAIN [x \in a |-> x * x], a \X {1}, {x \in a : \A y \in a : y <= x},
    IF a = {} THEN 0 ELSE CHOOSE x \in a : \A y \in a : x <= y>> = OfOne[a]

OfExtrema == [S \in SUBSET U \ {{}} |-> <<Max(S), Min(S)>>]
Extrema == a # {} => <<Max(a), Min(a)>> = OfExtrema[a]

OfModel == [S \in SUBSET P |->
  <<[x \in P |-> x \in S], [x \in P |-> IF x \in S THEN 1 ELSE 0],
    [[x \in P |-> 0] EXCEPT ![p] = Cardinality(S), ![q] = @ - 1],
    [m |-> S, n |-> Cardinality(S)], [[m |-> S, n |-> <<1, 2>>] EXCEPT !.n[2] = 7, !.m = @ \cup {q}],
    {<<x, y>> \in P \X P : x \in S /\ y \notin S}, {[k |-> x, v |-> 1] : x \in S},
    SumFunction([x \in P |-> IF x \in S THEN 2 ELSE 1]), Range([x \in P |-> x \in S]),
    [x \in S |-> 1] @@ [x \in P |-> 0], p :> S, DOMAIN ([x \in S |-> 1] @@ (q :> 2)),
    [x, y \in P |-> x \in S /\ y \in S][p, r], [x \in P |-> S \ {x}][q]>>]
Model == <<[x \in P |-> x \in c], [x \in P |-> IF x \in c THEN 1 ELSE 0],
    [[x \in P |-> 0] EXCEPT ![p] = Cardinality(c), ![q] = @ - 1],
    [m |-> c, n |-> Cardinality(c)], [[m |-> c, n |-> <<1, 2>>] EXCEPT !.n[2] = 7, !.m = @ \cup {q}],
    {<<x, y>> \in P \X P : x \in c /\ y \notin c}, {[k |-> x, v |-> 1] : x \in c},
    SumFunction([x \in P |-> IF x \in c THEN 2 ELSE 1]), Range([x \in P |-> x \in c]),
    [x \in c |-> 1] @@ [x \in P |-> 0], p :> c, DOMAIN ([x \in c |-> 1] @@ (q :> 2)),
    [x, y \in P |-> x \in c /\ y \in c][p, r], [x \in P |-> c \ {x}][q]>> = OfModel[c]
====
