-------------------------- MODULE DyadicRationals ---------------------------
(***************************************************************************)
(* Fractions whose denominator is a power of two, as records with the      *)
(* fields num and den, in lowest terms.                                    *)
(***************************************************************************)
LOCAL INSTANCE FiniteSets
LOCAL INSTANCE Integers
LOCAL INSTANCE Sequences
LOCAL INSTANCE FiniteSetsExt
LOCAL INSTANCE TLC

LOCAL Fraction(num, den) == [num |-> num, den |-> den]

LOCAL CommonDivisors(m, n) == {d \in 1..m : m % d = 0 /\ n % d = 0}

(***************************************************************************)
(* Native.                                                                 *)
(***************************************************************************)
LOCAL Reduce(p) ==
  LET d == Max(CommonDivisors(p.den, p.num))
  IN  IF d = 1 THEN p ELSE Fraction(p.num \div d, p.den \div d)
-----------------------------------------------------------------------------
IsDyadicRational(r) == \E n \in 0..r.den : r.den = 2 ^ n

Zero == Fraction(0, 1)
One == Fraction(1, 1)

Add(p, q) ==
  LET den == Max({p.den, q.den})
      Scaled(r) == r.num * (den \div r.den)
  IN  IF p = Zero THEN q ELSE Reduce(Fraction(Scaled(p) + Scaled(q), den))

Half(p) == Reduce(Fraction(p.num, 2 * p.den))

PrettyPrint(p) ==
  CASE p = Zero -> "0"
    [] p = One -> "1"
    [] OTHER -> ToString(p.num) \o "/" \o ToString(p.den)
=============================================================================
