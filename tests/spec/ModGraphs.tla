----------------------------- MODULE ModGraphs -----------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of Graphs.
EXTENDS Graphs, Integers, FiniteSets, Sequences

\* 1 -> 2 -> 3 -> 1, 3 -> 4
G == [node |-> 1 .. 4, edge |-> {<<1, 2>>, <<2, 3>>, <<3, 1>>, <<3, 4>>}]
Tree == [node |-> 1 .. 4, edge |-> {<<2, 1>>, <<3, 1>>, <<4, 2>>}]
Both == [node |-> {1, 2}, edge |-> {<<1, 2>>, <<2, 1>>}]

ASSUME IsDirectedGraph(G) /\ ~IsDirectedGraph([node |-> {1}, edge |-> {<<1, 2>>}])
ASSUME Cardinality(DirectedSubgraph(Both)) = 7
ASSUME Transpose(Tree).edge = {<<1, 2>>, <<1, 3>>, <<2, 4>>} /\ Transpose(Tree).node = 1 .. 4
ASSUME IsUndirectedGraph(Both) /\ ~IsUndirectedGraph(Tree)
ASSUME UndirectedSubgraph(Both)
         = {EmptyGraph, Both} \cup {[node |-> N, edge |-> {}] : N \in {{1}, {2}, {1, 2}}}
ASSUME IsBipartiteWithPartitions(Tree, {1, 4}, {2, 3}) /\ ~IsBipartiteWithPartitions(G, {1}, 2 .. 4)
ASSUME <<1, 2, 3, 1>> \in Path(G) /\ <<1, 3>> \notin Path(G) /\ <<>> \notin Path(G)
ASSUME SimplePath(Both) = {<<1>>, <<2>>, <<1, 2>>, <<2, 1>>} /\ Cardinality(SimplePath(G)) = 13
ASSUME SimplePath(EmptyGraph) = {}
ASSUME AreConnectedIn(1, 4, G) /\ ~AreConnectedIn(4, 1, G) /\ AreConnectedIn(4, 4, G)
ASSUME ~AreConnectedIn(9, 9, G)
ASSUME IsStronglyConnected(Both) /\ ~IsStronglyConnected(G) /\ IsStronglyConnected(EmptyGraph)
ASSUME \A m, n \in G.node : ConnectionsIn(G)[m, n] = AreConnectedIn(m, n, G)
ASSUME HasCycle(G) /\ ~HasCycle(Tree) /\ HasCycle([node |-> {1}, edge |-> {<<1, 1>>}])
ASSUME IsDag(Tree) /\ ~IsDag(G)
ASSUME IsTreeWithRoot(Tree, 1) /\ ~IsTreeWithRoot(Tree, 2) /\ ~IsTreeWithRoot(G, 1)
ASSUME GraphUnion(Both, Tree).node = 1 .. 4 /\ GraphUnion(Both, Tree).edge = Both.edge \cup Tree.edge
ASSUME Successors(G, 3) = {1, 4} /\ Predecessors(G, 1) = {3} /\ Successors(G, 4) = {}
ASSUME AllSuccessors(G, {1, 2}) = {2, 3} /\ AllPredecessors(G, {1, 4}) = {3}
ASSUME Ancestors(Tree, 1) = {2, 3, 4} /\ Descendants(Tree, 4) = {1, 2} /\ Ancestors(Tree, 4) = {}
ASSUME InDegree(Tree, 1) = 2 /\ OutDegree(G, 3) = 2 /\ InDegree(Tree, 4) = 0
ASSUME Roots(Tree) = {3, 4} /\ Leaves(Tree) = {1} /\ Leaves(G) = {4}
ASSUME EmptyGraph = [node |-> {}, edge |-> {}]
ASSUME Cardinality(Graphs({1, 2})) = 16 /\ Both \in Graphs({1, 2}) /\ G \notin Graphs({1, 2})
=============================================================================
