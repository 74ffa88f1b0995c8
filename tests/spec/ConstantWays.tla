\* recorded: TLC cc6b616
\* expect: ok, 10 distinct, 19 generated, depth 3
---- MODULE ConstantWays ----
(* Formulas of constants that hold in several ways: a definition without parameters has a value, an
   application of one with parameters, and a formula written in its place, is satisfied once for
   each way. *)
EXTENDS Integers

VARIABLE x

Either(a, b) == a \/ b
Total(op(_, _), S) == \A a, b \in S : op(a, b) \/ op(b, a)
Both == 1 = 1 \/ 2 = 2
above(n) == [i \in 1..3 |-> i > n \/ i = 3]
settled == [i \in 1..3 |-> i > 1 \/ i = 3]

Init == x = 0
Next ==
    \/ x = 0 /\ Total(<=, {1, 0}) /\ x' = 1
    \/ x = 0 /\ (TRUE \/ TRUE) /\ x' = 2
    \/ x = 0 /\ Both /\ x' = 3
    \/ x = 0 /\ (\E i \in 1..3 : i > 1) /\ x' = 4
    \/ x = 1 /\ above(1)[3] /\ x' = 5
    \/ x = 1 /\ settled[3] /\ x' = 6
    \/ x = 1 /\ Either(TRUE, TRUE) /\ x' = 7
    \/ x = 1 /\ (IF Either(1 = 1, 2 = 2) THEN TRUE \/ TRUE ELSE FALSE) /\ x' = 8
    \/ x = 1 /\ (LET few(k) == k = 1 \/ k < 5 IN few(1)) /\ x' = 9
====
