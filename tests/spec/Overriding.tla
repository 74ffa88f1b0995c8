\* cfg: Overriding_Name.cfg
\* recorded: TLC cc6b616
\* expect: ok
\* cfg: Overriding_Value.cfg
\* recorded: TLC cc6b616
\* expect: ok
\* cfg: Overriding_Module.cfg
\* recorded: TLC cc6b616
\* expect: ok
---- MODULE Overriding ----
(* Operators replaced by the configuration: by name only where the definition is shared with the root;
   by `[Module]` wherever its body is used. *)
EXTENDS OverridingShared, Naturals, TLC
CONSTANTS Way, Table(_, _), Twice(_)
Own == INSTANCE OverridingBase
Other == INSTANCE OverridingOther WITH k <- 1
MyLimit == 77
Double(x) == 2 * x
Small(x) == x + 1
Big(x) == x + 100
Nat9 == 0..9
Seen == <<Shared, Other!Limited, Other!Doubled, Limit, LimitAgain, Own!Limit, Own!LimitAgain>>
ASSUME Way = "name" => Seen = <<77, 3, 77, 77, 77, 3, 77>> /\ Small(1) = 101 /\ 12 \notin Nat
ASSUME Way = "value" => Seen = <<55, 3, 55, 55, 55, 3, 55>> /\ Small(1) = 2 /\ 12 \in Nat
ASSUME Way = "module" => Seen = <<77, 77, 77, 77, 77, 77, 77>> /\ Small(1) = 2 /\ 12 \in Nat
ASSUME Table(1, "a") = {"b"} /\ Table(2, "a") = {} /\ Twice(4) = 8
====
