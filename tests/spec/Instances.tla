\* recorded: TLC cc6b616
\* expect: ok, 9 distinct, 10 generated, depth 9
---- MODULE Instances ----
(* Named, parametrized, substituted and nested instances; priming and ENABLED through substitution. *)
EXTENDS Integers
VARIABLES hour, minute
---- MODULE Counter ----
EXTENDS Integers
CONSTANT Limit
VARIABLE value
Start == value = 0
Step == value < Limit /\ value' = value + 1
Wrap == value = Limit /\ value' = 0
Advance == Step \/ Wrap
CanStep == ENABLED Step
Plus(k) == value + k
====
Hours == INSTANCE Counter WITH Limit <- 2, value <- hour
Minutes(limit) == INSTANCE Counter WITH Limit <- limit, value <- minute
Total == INSTANCE Counter WITH Limit <- 99, value <- hour * 3 + minute
Init == Hours!Start /\ Minutes(2)!Start
Next == \/ Minutes(2)!Step /\ UNCHANGED hour
        \/ Minutes(2)!Wrap /\ Hours!Advance
vars == <<hour, minute>>
Spec == Init /\ [][Next]_vars
TotalMoves == [][Total!Plus(0)' = Total!Plus(1) \/ Total!Plus(0)' = 0]_vars
Ready == (~Hours!CanStep) = (hour = 2)
InTime == Total!Plus(0) = 3 * hour + minute
====
