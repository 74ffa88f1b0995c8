------------------------------ MODULE ModJson ------------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* workers: 1
\* Every operator of Json; the files go into the folder for temporary files.
EXTENDS Json, Integers, Sequences, TLC, FiniteSets

Path == "/tmp/fathom-golden-json/deep/value.json"

ASSUME ToJson(1) = "1" /\ ToJson(-7) = "-7" /\ ToJson(TRUE) = "true" /\ ToJson("a") = "\"a\""
ASSUME ToJson(<<>>) = "[]" /\ ToJson(<<1, <<2>>>>) = "[1,[2]]" /\ ToJson({2, 1}) = "[1,2]"
ASSUME ToJson([a |-> 1]) = "{\"a\":1}" /\ ToJson(1 .. 3) = "[1,2,3]"
ASSUME ToJson([i \in 1 .. 2 |-> i * i]) = "[1,4]" /\ ToJson([i \in {5} |-> {i}]) = "{\"5\":[5]}"
ASSUME ToJson(<<1>> :> 2) = "{\"<<1>>\":2}" /\ ToJson({{1}}) = "[[1]]"
ASSUME ToJson("quote \" and \\ backslash") = "\"quote \\\" and \\\\ backslash\""
ASSUME ToJsonArray(<<1, 2>>) = "[1,2]" /\ ToJsonArray({1}) = "[1]"
ASSUME ToJsonObject([a |-> <<1>>]) = "{\"a\":[1]}" /\ ToJsonObject(5 :> 7) = "{\"5\":7}"
ASSUME ToJsonObject([i \in 1 .. 2 |-> i]) = "[1,2]"
ASSUME JsonSerialize(Path, [a |-> <<1, TRUE, "x">>])
ASSUME JsonDeserialize(Path) = [a |-> <<1, TRUE, "x">>]
ASSUME JsonSerialize(Path, <<{2, 1}, 1 .. 2>>) /\ JsonDeserialize(Path) = <<<<1, 2>>, <<1, 2>>>>
ASSUME ndJsonSerialize(Path, <<[n |-> 1], 2>>) /\ ndJsonDeserialize(Path) = <<[n |-> 1], 2>>
ASSUME ToJsonString([a |-> 1], {"a"}) # "" /\ ToJsonObjectString([a |-> 1], {"a"}) # ""
ASSUME ToJsonArrayString(<<1>>, {1}) # ""
=============================================================================
