\* recorded: TLC cc6b616
\* expect: ok, 4 distinct, 4 generated, depth 4
---- MODULE Selectors ----
(* Subexpression selectors of TLA+2. *)
EXTENDS Integers, TLC
VARIABLE x
Init == x = 0
Next == x < 3 /\ x' = x + 1
Inv == /\ x >= 0
       /\ \A i \in {1, 2} : x + i > 0
       /\ small :: x <= 3
Double(n) == LET twice == n * 2 IN twice + 1
First == Inv!1
Second == Inv!2!(1)
Third == Inv!small
Check == First /\ Second /\ Third /\ Inv!2!1 = {1, 2}
====
