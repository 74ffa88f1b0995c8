----------------------------- MODULE ModReals ------------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Integers are the real numbers that can be computed with; division and infinity stay unevaluated.
EXTENDS Reals

ASSUME 2 + 3 = 5 /\ 2 < 3 /\ -(2) = 0 - 2
ASSUME IF TRUE THEN TRUE ELSE 1 / 2 < Infinity
=============================================================================
