\* expect: prints <<"least", 1, {2}, <<2>>>>
\* expect: prints {m, n, k}
\* expect: prints {{}, {1}, {2}, {3}, {1, 2}, {1, 3}, {2, 3}, {1, 2, 3}}
\* expect: prints {<<FALSE, FALSE>>, <<FALSE, TRUE>>, <<TRUE, FALSE>>, <<TRUE, TRUE>>}
\* expect: prints [a |-> 1, c |-> <<1, "x">>, b |-> {}]
\* expect: prints (1 :> 2 @@ 3 :> 4)
\* expect: prints (2 :> 4 @@ 3 :> 9)
\* expect: prints {"zeta", "alpha", "mid"}
\* expect: prints {<<1, 3>>, <<1, 4>>, <<2, 3>>, <<2, 4>>}
\* recorded: TLC cc6b616
\* expect: ok
---- MODULE ValueOrder ----
(* The order of values as CHOOSE and printing show it; equality of functions, records and tuples. *)
EXTENDS Integers, Sequences, FiniteSets, TLC
CONSTANTS m, n, k
Least(S) == CHOOSE e \in S : TRUE
ASSUME PrintT(<<"least", Least({3, 1, 2}), Least({{1, 2}, {3}, {2}}), Least({<<2>>, <<1, 1>>})>>)
ASSUME PrintT({k, m, n})
ASSUME PrintT(SUBSET {1, 2, 3})
ASSUME PrintT([{1, 2} -> {TRUE, FALSE}])
ASSUME PrintT([a |-> 1, c |-> <<1, "x">>, b |-> {}])
ASSUME PrintT((1 :> 2) @@ (3 :> 4))
ASSUME PrintT([i \in {2, 3} |-> i * i])
ASSUME PrintT({"zeta", "alpha", "mid"})
ASSUME PrintT({1, 2} \X {3, 4})
ASSUME {1} # {"a", "b"} /\ <<1, 2>> # <<"a">> /\ [a |-> 1] # [b |-> 2]
ASSUME m # 1 /\ m # "m" /\ m \notin {1, 2}
ASSUME [i \in 1..2 |-> i] = <<1, 2>>
ASSUME [a |-> 1, b |-> 2] = [x \in {"a", "b"} |-> IF x = "a" THEN 1 ELSE 2]
ASSUME DOMAIN [a |-> 1, b |-> 2] = {"a", "b"} /\ DOMAIN <<5, 6>> = 1..2
ASSUME {{1, 2}, {2, 1}} = {{1, 2}} /\ Cardinality({{1}, {2}, {1}}) = 2
ASSUME (-7) \div 2 = -4 /\ (-7) % 2 = 1 /\ -7 \div 2 = -3 /\ 7 \div 2 = 3
ASSUME 1..0 = {} /\ SUBSET {} = {{}} /\ UNION {} = {}
ASSUME [{} -> {1}] = {<<>>} /\ [x \in {} |-> x] = <<>>
ASSUME {1, 2} \in SUBSET Nat /\ <<1, 2>> \in Seq(Nat) /\ [a |-> 3] \in [a : Int]
ASSUME "ab" \o "cd" = "abcd" /\ Len("abc") = 3
====
