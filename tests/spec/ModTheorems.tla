---------------------------- MODULE ModTheorems ----------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* The definitions in modules of theorems. Those that quantify over everything are only named: the
\* first disjunct of each is TRUE.
EXTENDS WellFoundedInduction, FiniteSetTheorems, BagsTheorems, SequencesExtTheorems, Integers, Bags

Less == {<<x, y>> \in (1 .. 3) \X (1 .. 3) : x < y}
Step == {<<x, y>> \in (1 .. 3) \X (1 .. 3) : y = x + 1}
Def(g, x) == x

ASSUME IsTransitivelyClosedOn(Less, 1 .. 3) /\ ~IsTransitivelyClosedOn(Step, 1 .. 3)
ASSUME SetLessThan(3, Less, 1 .. 3) = {1, 2} /\ SetLessThan(3, Step, 1 .. 3) = {2}
ASSUME WFInductiveDefines(<<1, 2>>, 1 .. 2, Def) /\ ~WFInductiveDefines(<<2, 1>>, 1 .. 2, Def)
ASSUME TransitiveClosureOn(Step, 1 .. 3) = Less
ASSUME OpToRel(<, 1 .. 3) = Less
ASSUME PreImage(LAMBDA x : -x, {-1, -2}, Less) = {<<-1, -2>>}
ASSUME LexPairOrdering(Less, Less, 1 .. 2, 1 .. 2)
         = {<<<<1, 1>>, <<1, 2>>>>, <<<<1, 1>>, <<2, 1>>>>, <<<<1, 1>>, <<2, 2>>>>,
            <<<<1, 2>>, <<2, 1>>>>, <<<<1, 2>>, <<2, 2>>>>, <<<<2, 1>>, <<2, 2>>>>}
ASSUME LexProductOrdering(Less, {1, 2}, 1) = {<<<<1>>, <<2>>>>}
ASSUME FiniteSubsetsOf({1, 2}) = SUBSET {1, 2}
ASSUME StrictSubsetOrdering({1}) = {<<{}, {1}>>}
ASSUME Scaling(3, <<1, 2>>) = <<3, 6>> /\ Scaling(0, <<1>>) = EmptyBag
ASSUME SeqToBag(<<"a", "b", "a">>) = [x \in {"a", "b"} |-> IF x = "a" THEN 2 ELSE 1]
ASSUME TRUE \/ IsWellFoundedOn(Less, 1 .. 3) \/ WFDefOn(Less, 1 .. 3, Def)
            \/ OpDefinesFcn(<<1, 2>>, 1 .. 2, Def) \/ WFInductiveUnique(1 .. 2, Def)
ASSUME TRUE \/ NatInductiveDefHypothesis(<<>>, 0, Def) \/ NatInductiveDefConclusion(<<>>, 0, Def)
ASSUME FiniteNatInductiveDefConclusion([k \in 0 .. 2 |-> k], 0, LAMBDA v, k : v + 1, 0, 2)
ASSUME TRUE \/ FiniteNatInductiveDefHypothesis(<<>>, 0, Def, 0, 2)
ASSUME TRUE \/ StrictPrefixesDetermineDef({1}, Def) \/ StrictSuffixesDetermineDef({1}, Def)
ASSUME TRUE \/ TailInductiveDefHypothesis(<<>>, {1}, 0, Def) \/ TailInductiveDefConclusion(<<>>, {1}, 0, Def)
ASSUME TRUE \/ FrontInductiveDefHypothesis(<<>>, {1}, 0, Def) \/ FrontInductiveDefConclusion(<<>>, {1}, 0, Def)
=============================================================================
