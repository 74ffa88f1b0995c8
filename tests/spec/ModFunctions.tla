--------------------------- MODULE ModFunctions ----------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of Functions.
EXTENDS Functions, Integers, Sequences, FiniteSets

F == <<10, 20, 30>>

ASSUME Restrict(F, {1, 3}) = [i \in {1, 3} |-> 10 * i]
ASSUME Restrict([a |-> 1, b |-> 2], {"b"}) = [b |-> 2]
ASSUME Restrict(F, {1, 2, 9})[2] = 20
ASSUME RestrictDomain(F, LAMBDA i : i > 1) = [i \in {2, 3} |-> 10 * i]
ASSUME RestrictValues(F, LAMBDA v : v < 25) = <<10, 20>>
ASSUME IsRestriction([i \in {1, 3} |-> 10 * i], F) /\ ~IsRestriction(F, <<10, 20>>)
ASSUME ~IsRestriction(<<10, 21>>, F) /\ IsRestriction(<<>>, F)
ASSUME Range(F) = {10, 20, 30} /\ Range([a |-> 1, b |-> 1]) = {1} /\ Range(<<>>) = {}
ASSUME Pointwise(<<1, 2>>, <<3, 4>>, LAMBDA a, b : a + b) = <<4, 6>>
ASSUME Inverse(F, 1 .. 3, {10, 30}) = [v \in {10, 30} |-> v \div 10]
ASSUME AntiFunction([a |-> 1, b |-> 2]) = <<"a", "b">>
ASSUME AntiFunction(F) = [v \in {10, 20, 30} |-> v \div 10] /\ AntiFunction(<<>>) = <<>>
ASSUME IsInjective(F) /\ ~IsInjective(<<1, 2, 1>>) /\ IsInjective(<<>>)
ASSUME ~IsInjective([x \in {5, 6} |-> 0])
ASSUME Injection({1, 2}, {"a", "b"}) = {<<"a", "b">>, <<"b", "a">>}
ASSUME Cardinality(Injection(1 .. 2, 1 .. 4)) = 12 /\ Injection(1 .. 3, 1 .. 2) = {}
ASSUME Surjection(1 .. 2, {"a"}) = {<<"a", "a">>} /\ Cardinality(Surjection(1 .. 3, 1 .. 2)) = 6
ASSUME Bijection({1, 2}, {"a", "b"}) = {<<"a", "b">>, <<"b", "a">>}
ASSUME Bijection(1 .. 2, 1 .. 3) = {} /\ Bijection({}, {}) = {<<>>}
ASSUME ExistsInjection(1 .. 2, 1 .. 3) /\ ~ExistsInjection(1 .. 3, 1 .. 2)
ASSUME ExistsSurjection(1 .. 3, 1 .. 2) /\ ~ExistsSurjection(1 .. 2, 1 .. 3)
ASSUME ExistsSurjection({}, {}) /\ ~ExistsSurjection({1}, {})
ASSUME ExistsBijection({1, 2}, {"a", "b"}) /\ ~ExistsBijection(1 .. 2, 1 .. 3)
ASSUME FoldFunction(LAMBDA x, y : <<x, y>>, "base", <<1, 2>>) = <<2, <<1, "base">>>>
ASSUME FoldFunction(LAMBDA x, y : {x} \cup y, {}, <<1, 2, 1>>) = {1, 2}
ASSUME FoldFunctionOnSet(LAMBDA x, y : x + y, 0, F, {1, 3}) = 40
ASSUME FoldFunctionOnSet(+, 5, F, {}) = 5
ASSUME SumFunction(F) = 60 /\ SumFunction(<<>>) = 0
ASSUME SumFunctionOnSet(F, {2, 3}) = 50 /\ SumFunctionOnSet([a |-> 1, b |-> 2], {"b"}) = 2
=============================================================================
