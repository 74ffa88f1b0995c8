---------------------------- MODULE ModPossible ----------------------------
\* expect: ok, 4 distinct, 5 generated
\* expect: prints [isThree
\* The operators of _Possible: counting how often an expression was true.
EXTENDS _Possible, Integers, TLC, FiniteSets

VARIABLE x

Init == x = 0
Next == x' = (x + 1) % 4

Three == _Track(x = 3, "isThree")
Seven == _Track(x = 7, "isSeven")

Seen ==
  /\ _CheckName("isThree") /\ _CheckName("unknown") = FALSE
  /\ _Counts["isThree"] > 0 /\ _Counts["isSeven"] = 0
  /\ _PrintCounts
=============================================================================
