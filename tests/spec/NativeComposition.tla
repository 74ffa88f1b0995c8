\* recorded: TLC cc6b616
\* expect: ok, 1168 distinct, 49933 generated, depth 9
\* cfg: NativeComposition_Stop.cfg
\* recorded: TLC cc6b616
\* expect: violates Small, 100 distinct, 893 generated, depth 4, trace 4
\* cfg: NativeComposition_Error.cfg
\* recorded: TLC cc6b616
\* expect: error FM4205, exit 255, 266 distinct, 3196 generated, depth 4, trace 3
\* cfg: NativeComposition_Bad.cfg
\* recorded: TLC cc6b616
\* expect: error FM4205, exit 255, 39 distinct, 241 generated, depth 3, trace 2
\* cfg: NativeComposition_Beside.cfg
\* not recorded: TLC asks what stands beside A \cdot B of each of the two steps
\* expect: ok, 1168 distinct, 60591 generated, depth 9
---- MODULE NativeComposition ----
(* A \cdot B by emitted code: states between are generated, in their order, and may be the same; B has none, one or
   several successors of each; an error of A comes before what B finds from an earlier way of A. *)
EXTENDS Integers, Sequences
CONSTANTS Limit, Bad
VARIABLES x, y, log
vars == <<x, y, log>>
Init == x = 0 /\ y = 1 /\ log = <<>>

\* Two ways with one outcome, and a third one.
Split == /\ x < 6 /\ UNCHANGED <<y, log>>
         /\ \/ x' = x + 1
            \/ x' \in {x + 1, x + 2}
Halve == x % 2 = 0 /\ x' = x \div 2 /\ y' \in {y, 3 - y} /\ UNCHANGED log
\* Everything that A changed stays as it is.
Note == log' = (IF Len(log) < 2 THEN Append(log, x) ELSE log) /\ UNCHANGED <<x, y>>
Fill(n) == x' = n /\ y' = 3 - y /\ UNCHANGED log
\* Only some states between go on, and y' = 2 is compared with the state between.
Only == y = 2 /\ x' = x /\ y' = y /\ UNCHANGED log
\* The last way of A has an error when x is Bad.
Risky == UNCHANGED <<y, log>> /\ \/ x' = (x + 3) % 8
                                 \/ x' = 4
                                 \/ IF x = Bad THEN x' = Head(<<>>) ELSE x' = 5
\* The last step of B has one.
Late == UNCHANGED <<y, log>> /\ \/ x' = x
                                \/ IF x = Bad + 4 THEN x' = Head(<<>>) ELSE x' = x
\* An argument is of the state where it is read.
With(k) == Split \cdot (x' = (x + 2 * k) % 6 /\ UNCHANGED <<y, log>>)
Twice(k) == /\ x < 5 /\ k < 3
            /\ (x' = x + k + 1 /\ UNCHANGED <<y, log>>) \cdot (k = 0 /\ x' = (x + 5) % 7 /\ UNCHANGED <<y, log>>)
Shift(k) == x' = (x + k) % 7 /\ UNCHANGED y
\* What stands beside both is of the step that both make together.
Keep == x' = (x * 2) % 7 /\ UNCHANGED y
Beside == \/ (Split \cdot Keep) /\ log' = (IF log = <<>> THEN <<x>> ELSE log)
          \/ (Split \cdot Shift(2)) /\ UNCHANGED log
          \/ x = 0 /\ (Fill(2) \cdot (Shift(1) /\ UNCHANGED log)) /\ log = <<>> /\ y' = y
Next == \/ Split \cdot Halve
        \/ Split \cdot Note
        \/ \E n \in 0..3 : Fill(n) \cdot Only
        \/ Risky \cdot Note
        \/ Split \cdot Late
        \/ Split \cdot (Shift(x) /\ UNCHANGED log)
        \/ With(x) \/ With(3)
        \/ Twice((x * x) % 3)
        \/ x < 5 /\ x' = x + 1 /\ UNCHANGED <<y, log>>
Small == x + y < Limit
Also == Next \/ Beside
Moves == [][x' # x \/ y' # y \/ Len(log') >= Len(log)]_vars
====
