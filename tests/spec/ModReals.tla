----------------------------- MODULE ModReals ------------------------------
\* expect: ok
\* Integers are the real numbers that can be computed with; division and infinity stay unevaluated.
EXTENDS Reals

ASSUME 3 \in Real /\ -3 \in Real \* TLC: error
ASSUME 2 + 3 = 5 /\ 2 < 3 /\ -(2) = 0 - 2
ASSUME IF TRUE THEN TRUE ELSE 1 / 2 < Infinity
=============================================================================
