---------------------------- MODULE ModNaturals ----------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of Naturals.
EXTENDS Naturals

ASSUME 2 + 3 = 5
ASSUME 2 - 3 + 1 = 0
ASSUME 7 * 6 = 42
ASSUME 2 ^ 10 = 1024 /\ 5 ^ 0 = 1 /\ 0 ^ 3 = 0
ASSUME 2 \leq 2 /\ 2 =< 3 /\ ~(3 <= 2)
ASSUME 2 \geq 2 /\ 3 >= 2 /\ ~(2 >= 3)
ASSUME 2 < 3 /\ ~(2 < 2)
ASSUME 3 > 2 /\ ~(2 > 2)
ASSUME 2 .. 4 = {2, 3, 4} /\ 3 .. 2 = {} /\ 5 \in 1 .. 1000000000
ASSUME 17 \div 5 = 3 /\ 0 \div 7 = 0
ASSUME 17 % 5 = 2 /\ 15 % 5 = 0
ASSUME 0 \in Nat /\ 7 \in Nat /\ {1, 2} \subseteq Nat
ASSUME \A a \in 0 .. 20 : \A b \in 1 .. 7 : a = b * (a \div b) + (a % b)
=============================================================================
