\* recorded: TLC cc6b616
\* expect: ok
---- MODULE Except ----
EXTENDS Naturals, Sequences, TLC
f == [i \in 1..3 |-> [a |-> i, b |-> <<i, i + 1>>]]
ASSUME [f EXCEPT ![2].a = 9][2].a = 9
ASSUME [f EXCEPT ![2].b[1] = @ + 10][2].b = <<12, 3>>
ASSUME [f EXCEPT ![1].a = 7, ![1].b[2] = @ * 2][1] = [a |-> 7, b |-> <<1, 4>>]
ASSUME LET g == [p \in {1, 2} \X {3, 4} |-> p[1] + p[2]] IN [g EXCEPT ![1, 3] = 0][<<1, 3>>] = 0
ASSUME [[a |-> 1] EXCEPT !.a = @ + 1] = [a |-> 2]
ASSUME LET h == [x, y \in 1..2 |-> x * y] IN h[2, 2] = 4 /\ DOMAIN h = (1..2) \X (1..2)
ASSUME LET h == [<<x, y>> \in {<<1, 2>>, <<3, 4>>} |-> x + y] IN h[<<3, 4>>] = 7
ASSUME {x + y : x \in 1..2, y \in 1..2} = 2..4 /\ {x + y : <<x, y>> \in {<<1, 5>>}} = {6}
ASSUME (CHOOSE <<x, y>> \in {<<1, 2>>, <<2, 1>>} : x > y) = <<2, 1>>
ASSUME {<<x, y>> \in (1..2) \X (1..2) : x < y} = {<<1, 2>>}
ASSUME \E <<x, y>> \in (1..2) \X (1..2), z \in {3} : x + y = z
====
