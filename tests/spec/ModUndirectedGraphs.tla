------------------------ MODULE ModUndirectedGraphs ------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of UndirectedGraphs.
EXTENDS UndirectedGraphs, Integers, FiniteSets, Sequences

\* 1 - 2 - 3, 4 alone, a loop at 3
G == [node |-> 1 .. 4, edge |-> {{1, 2}, {2, 3}, {3}}]
Line == [node |-> {1, 2}, edge |-> {{1, 2}}]

ASSUME IsUndirectedGraph(G) /\ ~IsUndirectedGraph([node |-> {1}, edge |-> {{1, 2}}])
ASSUME IsLoopFreeUndirectedGraph(Line) /\ ~IsLoopFreeUndirectedGraph(G)
ASSUME UndirectedSubgraph(Line)
         = {[node |-> N, edge |-> {}] : N \in SUBSET {1, 2}} \cup {Line}
ASSUME <<1, 2, 3, 3, 2>> \in Path(G) /\ <<1, 3>> \notin Path(G) /\ <<4>> \in Path(G)
ASSUME SimplePath(Line) = {<<1>>, <<2>>, <<1, 2>>, <<2, 1>>} /\ Cardinality(SimplePath(G)) = 10
ASSUME AreConnectedIn(3, 1, G) /\ ~AreConnectedIn(1, 4, G) /\ AreConnectedIn(4, 4, G)
ASSUME ConnectedComponents(G) = {1 .. 3, {4}} /\ ConnectedComponents(Line) = {{1, 2}}
ASSUME IsStronglyConnected(Line) /\ ~IsStronglyConnected(G)
ASSUME Cardinality(UndirectedGraphs({1, 2})) = 8 /\ Line \in UndirectedGraphs({1, 2})
=============================================================================
