text ---- MODULE M ----
EXTENDS Naturals, TLC
CONSTANTS N, Op(_, _), _ + _, -. _, _^+
VARIABLES x, y
ASSUME A1 == N > 0
ASSUME N
AXIOM N
--------
RECURSIVE f(_)
f(n) == n
LOCAL g == 1
a ++ b == a
-. a == a
a^# == a
h[i \in S, <<j, k>> \in T] == i
F(Op2(_), _*_, c) == c
====
more text