\* recorded: TLC cc6b616
\* expect: ok, 11 distinct, 14 generated, depth 5
---- MODULE Composed ----
(* Specifications taken apart through definitions, LET, parameters; properties likewise. *)
EXTENDS Naturals
VARIABLES x, y
vars == <<x, y>>
Init == x = 0 /\ y \in {0, 1}
Step(k) == x < 4 /\ x' = x + k /\ UNCHANGED y
Next == Step(1) \/ (y = 1 /\ Step(2))
Both(a, b) == a /\ b
Spec == LET first == Init IN Both(first, x < 1) /\ [][Next]_vars
Low == [](x <= 5)
Grow == \A k \in {0, 1} : [][x' >= x + k]_x
Props == Low /\ Grow /\ x = 0
====
