\* cfg: ManyInstances_All.cfg
\* recorded: TLC cc6b616
\* expect: ok, 7030 distinct, 132320 generated, depth 11
\* cfg: ManyInstances_Short.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: violates Short, 4021 distinct, 50114 generated, depth 7, trace 7
--------------------------- MODULE ManyInstances ---------------------------
(* Actions with many instances: what \E and arguments give are pairs, records, *)
(* sets, sequences, integers in a row and others; they take turns, and LETs    *)
(* between them depend on them. The order is what a counterexample shows.      *)
EXTENDS Integers, Sequences, FiniteSets
CONSTANT Limit
VARIABLES x, seen, last, path

vars == <<x, seen, last, path>>
Letters == {"a", "b", "c", "d"}
Pairs == (1..4) \X Letters
Points == [p : 1..3, q : Letters \cup {"e"}]
Starts == {SubSeq(<<2, 4, 6, 8, 1, 3, 5, 7, 9, 2, 4, 6, 8>>, 1, n) : n \in 0..13}
Odd == {7, 1, 12, 5, 3, 9, 2, 30, 21, 14, 16, 18, 27, 25}

RECURSIVE Sum(_)
Sum(n) == IF n <= 0 THEN 0 ELSE n + Sum(n - 2)

Init == x = 0 /\ seen = {} /\ last = "none" /\ path = <<>>

Move(pair) ==
    LET step == pair[1] * 2
        letter == pair[2]
    IN /\ x + step <= Limit
       /\ letter # last
       /\ x' = x + step
       /\ last' = letter
       /\ UNCHANGED <<seen, path>>

Back(pair) ==
    /\ pair[2] = last
    /\ x > pair[1]
    /\ x' = x - pair[1]
    /\ UNCHANGED <<seen, last, path>>

Mark(point) ==
    /\ point.q \notin seen
    /\ point.p = Cardinality(seen) + 1
    /\ seen' = seen \cup {point.q}
    /\ last' = point.q
    /\ UNCHANGED <<x, path>>

Forget(group) ==
    /\ group # {}
    /\ group \subseteq seen
    /\ last \in group
    /\ seen' = seen \ group
    /\ UNCHANGED <<x, last, path>>

Follow(start) ==
    /\ Len(start) = Len(path) + 1
    /\ Len(start) <= 3
    /\ path' = Append(path, start[Len(start)])
    /\ x' = start[1]
    /\ UNCHANGED <<seen, last>>

Map(Op(_), i) == /\ Op(x) = 2 * i + 1
                 /\ x' = Op(0)
                 /\ UNCHANGED <<seen, last, path>>

Next ==
    \/ \E pair \in Pairs : Move(pair) \/ Back(pair)
    \/ \E point \in Points : Mark(point)
    \/ \E group \in SUBSET Letters : Forget(group)
    \/ \E start \in Starts : Follow(start)
    \/ \E i \in 1..5 : \E j \in i..6 :
          LET d == j - i IN
             \/ d > 2 /\ x = i /\ x' = j /\ last' = "jump" /\ UNCHANGED <<seen, path>>
             \/ \E k \in {d, 0, d} : x = j + k /\ x' = x - 1 /\ UNCHANGED <<seen, last, path>>
    \/ \E i \in 1..13 : Map(LAMBDA y : y + i, i)
    \/ \E n \in Odd : /\ x = n
                      /\ x' = IF Sum(n) > Limit THEN 0 ELSE Sum(n)
                      /\ UNCHANGED <<seen, last, path>>

Spec == Init /\ [][Next]_vars

Bounded == x \in 0..Limit + 9
Short == ~(Len(path) = 2 /\ Cardinality(seen) = 2 /\ last = "c" /\ x = 7)
=============================================================================
