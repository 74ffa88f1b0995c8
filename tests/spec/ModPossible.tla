---------------------------- MODULE ModPossible ----------------------------
\* recorded: TLC cc6b616
\* expect: ok, 4 distinct, 5 generated, depth 4
\* expect: prints [isThree
\* The operators of _Possible: counting how often an expression was true.
EXTENDS _Possible, Integers, TLC, FiniteSets

VARIABLE x

Init == x = 0
Next == x' = (x + 1) % 4

Three == _Track(x = 3, "isThree")
Seven == _Track(x = 7, "isSeven")

\* The first line fails before the search: TLC would otherwise take Seen for a constant.
Seen ==
  /\ TLCGet("all:named")["s:_possible"] # <<>>
  /\ _CheckName("isThree") /\ _CheckName("unknown") = FALSE
  /\ _Counts["isThree"] > 0 /\ _Counts["isSeven"] = 0
  /\ _PrintCounts
=============================================================================
