\* recorded: TLC cc6b616
\* expect: violates Bad, 6 distinct, 6 generated, depth 6, trace 6
---- MODULE NativeStrings ----
(* Strings that are made while the search runs have their place in the order of values by the moment
   at which they were made. The interpreter goes through \A in an order of its own; emitted code,
   which cannot, must not be the first to make them. *)
EXTENDS Naturals, TLC

VARIABLES s, first, n

Init == s = {} /\ first = 0 /\ n = 0
Fill == n < 4 /\ n' = n + 1 /\ s' = s \cup {n} /\ first' = first
Least(t) == CHOOSE z \in t : ToString(z + 1000) = CHOOSE x \in {ToString(y + 1000) : y \in t} : TRUE
Take == /\ n = 4
        /\ \A z \in s : ToString(z + 1000) # "5"
        /\ n' = 5 /\ s' = s
        /\ first' = Least(s \ {0})
Next == Fill \/ Take
Bad == first # 3
====
