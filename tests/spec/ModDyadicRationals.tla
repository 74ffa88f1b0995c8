------------------------ MODULE ModDyadicRationals -------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of DyadicRationals.
EXTENDS DyadicRationals, Integers

Quarter == Half(Half(One))

ASSUME Zero = [num |-> 0, den |-> 1] /\ One = [num |-> 1, den |-> 1]
ASSUME Half(One) = [num |-> 1, den |-> 2] /\ Quarter.den = 4
ASSUME Add(Quarter, Quarter) = Half(One) /\ Add(Half(One), Half(One)) = One
ASSUME Add(Zero, Quarter) = Quarter /\ Add(Half(One), Quarter) = [num |-> 3, den |-> 4]
ASSUME IsDyadicRational(Quarter) /\ ~IsDyadicRational([num |-> 1, den |-> 3])
ASSUME PrettyPrint(Zero) = "0" /\ PrettyPrint(One) = "1" /\ PrettyPrint(Add(Half(One), Quarter)) = "3/4"
=============================================================================
