------------------------------ MODULE Bitwise -------------------------------
(***************************************************************************)
(* Operations on the binary digits of natural numbers.  Native are And,    *)
(* Or, Xor, Not and shiftR.                                                *)
(***************************************************************************)
LOCAL INSTANCE Integers

LOCAL Bit(x, n) == (x \div (2 ^ n)) % 2

(***************************************************************************)
(* The digits from number n on, as long as m has digits.                   *)
(***************************************************************************)
RECURSIVE And(_, _, _, _)
And(x, y, n, m) ==
  IF m = 0 THEN 0
  ELSE And(x, y, n + 1, m \div 2) + (2 ^ n) * (Bit(x, n) * Bit(y, n))

RECURSIVE Or(_, _, _, _)
Or(x, y, n, m) ==
  IF m = 0 THEN 0
  ELSE Or(x, y, n + 1, m \div 2)
         + (IF Bit(x, n) = 0 /\ Bit(y, n) = 0 THEN 0 ELSE 2 ^ n)

RECURSIVE Xor(_, _, _, _)
Xor(x, y, n, m) ==
  IF m = 0 THEN 0
  ELSE Xor(x, y, n + 1, m \div 2) + (IF Bit(x, n) = Bit(y, n) THEN 0 ELSE 2 ^ n)

RECURSIVE NotR(_, _, _)
NotR(x, n, m) ==
  IF m = 0 THEN 0
  ELSE NotR(x, n + 1, m \div 2) + (IF Bit(x, n) = 0 THEN 2 ^ n ELSE 0)
-----------------------------------------------------------------------------
x & y == IF x < y THEN And(y, x, 0, y) ELSE And(x, y, 0, x)
x | y == IF x < y THEN Or(y, x, 0, y) ELSE Or(x, y, 0, x)

(***************************************************************************)
(* Exclusive or; a single ^ is the power.                                  *)
(***************************************************************************)
x ^^ y == IF x < y THEN Xor(y, x, 0, y) ELSE Xor(x, y, 0, x)

(***************************************************************************)
(* All digits of a turned round, without leading ones: Not(5) = 2.         *)
(***************************************************************************)
Not(a) == NotR(a, 0, a)

(***************************************************************************)
(* n without its last pos digits.                                          *)
(***************************************************************************)
shiftR(n, pos) == n \div (2 ^ pos)
=============================================================================
