---------------------------- MODULE ModBitwise -----------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of Bitwise, natives against the definitions.
EXTENDS Bitwise, Integers

ASSUME 12 & 10 = 8 /\ (12 | 10) = 14 /\ 12 ^^ 10 = 6
ASSUME 0 & 7 = 0 /\ (0 | 7) = 7 /\ 7 ^^ 7 = 0
ASSUME And(12, 10, 0, 12) = 8 /\ Or(12, 10, 0, 12) = 14 /\ Xor(12, 10, 0, 12) = 6
ASSUME Not(5) = 2 /\ Not(7) = 0 /\ Not(8) = 7 /\ Not(0) = 0
ASSUME NotR(5, 0, 5) = 2
ASSUME shiftR(12, 2) = 3 /\ shiftR(1, 1) = 0 /\ shiftR(9, 0) = 9
ASSUME \A x \in 0 .. 15 : \A y \in 0 .. 15 : (x & y) + (x | y) = x + y
ASSUME \A x \in 0 .. 15 : \A y \in 0 .. 15 : (x | y) - (x & y) = x ^^ y
ASSUME \A x \in 1 .. 40 : Not(x) = NotR(x, 0, x) /\ shiftR(x, 3) = x \div 8
=============================================================================
