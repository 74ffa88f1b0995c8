---- MODULE M ----
EXTENDS Naturals Sequences
VARIABLE x, 
Init = 5
Next == x' = x + 1 == 2
A == /\ x = 1
     /\ (x = 2
     ) 
B == [x \in S -> 4]
C == if x then 1 else 2
D == f[x
E == LET y = 3 IN y
F == a = b = c
G == x != 4
H == "abc
I == a && b ; c
J == <<1, 2>
K == {1, 2
L == ENABLED x'
M ==
N == \E x \in S, y : P
O == CHOOSE x in S : P
P == Foo(1, 2
====
---- MODULE More ----
A == x and y
B == {x in S}
C == !x
D == [x -> y]
E == WF_v
F == "a\zb"
G == (a
H == [f EXCEPT ![1] == 2]
I == <1>2
J == LET
K := 5
A+B
  /\ c
THEOREM
L == Op(LAMBDA : x)
M == I!
LOCAL x
N == 1.2.3 \b2
O == \hfff0 + \o777
P == <<a, b
Q == f(a,
R == {x : y
LOCAL LOCAL
====
