---------------------------- MODULE ModIntegers ----------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Int, unary minus, and the operators of Naturals on negative numbers.
EXTENDS Integers

ASSUME -1 + 3 = 2 /\ -(1 + 3) = -4
ASSUME -3 \in Int /\ 3 \in Int /\ -3 \notin Nat
ASSUME (-7) \div 2 = -4 /\ 7 \div (-2) = -4 /\ (-7) \div (-2) = 3 /\ -7 \div 2 = -3
ASSUME -7 % 2 = 1
ASSUME (-2) ^ 3 = -8
ASSUME -2 .. 1 = {-2, -1, 0, 1}
ASSUME -2 < -1 /\ -1 > -2 /\ -2 <= -2 /\ -2 >= -2
ASSUME \A a \in -10 .. 10 : \A b \in 1 .. 5 : a = b * (a \div b) + (a % b) /\ a % b \in 0 .. b - 1
=============================================================================
