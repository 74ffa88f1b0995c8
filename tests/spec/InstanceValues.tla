\* recorded: TLC cc6b616
\* expect: ok, 54 distinct, 133 generated, depth 8
---- MODULE InstanceValues ----
(* Definitions seen through instances: parametrized, nested, infix, in LET with captured variables;
   operator constants; recursion; subexpressions through all of these. The values are what TLC prints. *)
EXTENDS Naturals, Sequences, TLC
---- MODULE Inner2 ----
EXTENDS Naturals
CONSTANT d
VARIABLE w
Sum(z) == d + w + z
Prim == w' = d
En == ENABLED Prim
====
---- MODULE Inner ----
EXTENDS Naturals
CONSTANTS c, F(_), G(_,_)
VARIABLE v
Op(x) == F(x) + c + v
Twice(H(_), x) == H(H(x))
UseTwice(x) == Twice(F, x) + Twice(LAMBDA y : y + c, x)
UseOp(x) == Twice(Op, x)
Gg(a, b) == G(a, b)
a ++ b == a * 10 + b + c
f[n \in 0..5] == IF n = 0 THEN c ELSE f[n-1] + F(n)
Step == v' = v + c
Let(x) == LET g(y) == y + c + x  h == g(1) IN g(h)
InnerInner == INSTANCE Inner2 WITH d <- c, w <- v
Unch == UNCHANGED v
P == \A x \in {1,2} : \E y \in {x, c} : y > x \/ lab(x, y) :: (x = y)
====
VARIABLES x, y
CONSTANTS N, Q(_)
Dbl(z) == 2 * z
Add(p, q) == p + q
I(c) == INSTANCE Inner WITH F <- Dbl, G <- Add, v <- x
J == INSTANCE Inner WITH c <- 7, F <- LAMBDA z : z * z, G <- +, v <- x + y
K(c, F(_)) == INSTANCE Inner WITH G <- LAMBDA a, b : a - b + c, v <- y
Inst2 == INSTANCE Inner2 WITH d <- N, w <- x
Local(k) == LET L == INSTANCE Inner WITH c <- k, F <- Dbl, G <- Add, v <- x
                M(c) == INSTANCE Inner WITH F <- LAMBDA z : z + k, G <- Add, v <- y
            IN <<L!Op(1), L!UseTwice(2),
                 M(5)!Op(1), M(k)!UseOp(3), L!f[3], L!Let(4), L!InnerInner!Sum(1),
                M(2)!InnerInner!Sum(1)>>
Apply(Op(_), z) == Op(z)
Apply2(Op(_,_), a, b) == Op(a, b)
RECURSIVE Fact(_)
Fact(n) == IF n = 0 THEN 1 ELSE n * Fact(n - 1)
RECURSIVE Even(_), Odd(_)
Even(n) == IF n = 0 THEN TRUE ELSE Odd(n - 1)
Odd(n) == IF n = 0 THEN FALSE ELSE Even(n - 1)
g[a \in 0..3, b \in 0..3] == IF a = 0 THEN b ELSE g[a - 1, b] + 1
Nest(n) == LET RECURSIVE sum(_)
               sum(m) == IF m = 0 THEN n ELSE m + sum(m - 1)
               h[i \in 0..n] == IF i = 0 THEN n ELSE h[i-1] + sum(i)
           IN <<sum(n), h[n], [i \in 0..2 |-> LET t == i * n IN t + sum(t)]>>
Form(a) == /\ a > 1
           /\ \A p \in {1,2}, q \in {3} : p + q > a
           /\ LET r == a + 1  s(t) == t + r IN r = 3 \/ s(1) = 9
           /\ lb :: (a = 2 => CASE a = 1 -> FALSE [] a = 2 -> TRUE [] OTHER -> FALSE)
Ex == [[i \in 1..3 |-> i] EXCEPT ![1] = @ + 10, ![2] = 5 + @]
Ex2 == [[a |-> [b |-> 1, c |-> <<4,5>>]] EXCEPT !.a.b = @ + 1, !.a.c[2] = @ * 2]
Vals == <<
  I(3)!Op(4), I(3)!UseTwice(2), I(N)!UseOp(2), I(1)!Gg(3, 4), I(2)!++(3, 4), I(2)!f[4], I(5)!Let(1),
  I(5)!InnerInner!Sum(2),
  J!Op(4), J!UseTwice(2), J!UseOp(1), J!Gg(3,4), J!f[3], J!InnerInner!Sum(2),
  K(3, Dbl)!Op(1), K(3, LAMBDA z : z + 100)!UseTwice(2), K(1, Dbl)!Gg(9, 4), K(1, Dbl)!UseOp(4),
  Local(2), Local(N),
  Apply2(I!Op, 3, 4), Apply(J!Op, 1), Apply2(+, 3, 4), Apply2(LAMBDA a, b : a * b, 3, 4),
  Apply2(I!Op, N, 6), Apply2(J!++, 1, 2),
  Fact(5), Even(10), Odd(7), g[2, 3], Nest(3), Q(4), Apply(Q, 5),
  Inst2!Sum(1), Inst2!En, I(3)!InnerInner!En, J!InnerInner!Sum(3),
  I(3)!P, I(3)!P!(1)!(3), I(3)!P!(1)!1, J!P!lab(3, 3), J!P!(2)!(2)!1
>>
Vals2 == << Form(2), Form(2)!1, Form(2)!2, Form(2)!2!(1,3), Form(2)!2!(1,3)!<<, Form(2)!2!2, Form(2)!3,
            Form(2)!3!1, Form(2)!3!1!1!<<,
            Form(2)!:, Form(2)!lb, Form(2)!lb!2!2!1, Form(2)!3!s(7), Form(2)!3!1!2!<<, Apply(Form!1!<<, 5), Ex, Ex2 >>
Init == x = 1 /\ y = 2
Next == \/ I(2)!Step /\ UNCHANGED y /\ x < 9
        \/ LET A == INSTANCE Inner WITH c <- N, F <- Dbl, G <- Add, v <- x IN A!Step /\ y' = y /\ x < 12
        \/ Inst2!Prim /\ I(0)!Unch /\ y' = (y + 1) % 4
        \/ \E d \in {1, 2} :
             LET A(c) == INSTANCE Inner WITH F <- Dbl, G <- Add, v <- y IN A(d)!Step /\ y < 6 /\ UNCHANGED x
Expected ==
    <<12, 16, 29, 7, 36, 22, 13, 8, 26, 32, 131, 7, 21, 12, 7, 210, 6, 25, <<5, 14, 10, 15, 14,
    13, 4, 5>>, <<9, 22, 14, 31, 18, 21, 8, 5>>, 12, 11, 7, 12, 19, 19, 120, TRUE, TRUE, 5, <<9,
    22, (0 :> 3 @@ 1 :> 12 @@ 2 :> 30)>>, 8, 10, 8, TRUE, TRUE, 13, TRUE, TRUE, {1, 3}, TRUE,
    FALSE>>
Expected2 ==
    <<TRUE, TRUE, TRUE, TRUE, 4, {3}, TRUE, TRUE, 3, TRUE, TRUE, TRUE, 10, 4, 5, <<11, 7, 3>>,
    [a |-> [c |-> <<4, 10>>, b |-> 2]]>>
Inv == (x = 1 /\ y = 2) => Vals = Expected /\ Vals2 = Expected2
====
