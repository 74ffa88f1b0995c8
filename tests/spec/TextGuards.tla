------------------------------ MODULE TextGuards ------------------------------
\* Operators that TLC has in TLA+ only hold, as guards, in as many ways as their text. So do functions
\* that an operator makes behind LET, IF and recursion.
\* cfg: TextGuards_Transitive.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 31 generated, depth 3
\* cfg: TextGuards_Reflexive.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 31 generated, depth 3
\* cfg: TextGuards_Connected.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 7 generated, depth 3
\* cfg: TextGuards_Connections.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 17 generated, depth 3
\* cfg: TextGuards_Cycle.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 145 generated, depth 3
\* cfg: TextGuards_Fold.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 5 generated, depth 3
\* cfg: TextGuards_FoldedSet.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 5 generated, depth 3
\* cfg: TextGuards_FoldedSequence.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 5 generated, depth 3
\* cfg: TextGuards_Repeated.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 5 generated, depth 3
EXTENDS Integers, Sequences, FiniteSets, Folds, Relation, Graphs, Apalache
VARIABLES x, n

Up == [p \in {1, 2} \X {1, 2} |-> p[1] <= p[2]]
Chain == [node |-> {1, 2, 3}, edge |-> {<<1, 2>>, <<2, 3>>, <<1, 3>>}]
Ring == [node |-> {1, 2}, edge |-> {<<1, 2>>, <<2, 1>>}]
Or(a, b) == a \/ b
OrMore(a, b) == a \/ b > 1

Init == x = 0 /\ n = 0
Count == n < 2 /\ n' = n + 1
Transitive == Count /\ TransitiveClosure(Up, {1, 2})[1, 2] /\ x' = 1
Reflexive == Count /\ ReflexiveTransitiveClosure(Up, {1, 2})[1, 2] /\ x' = 1
Connected == Count /\ IsConnected([p \in {1} \X {1} |-> p[1] = p[2]], {1}) /\ x' = 1
Connections == Count /\ ConnectionsIn(Chain)[1, 3] /\ x' = 1
Cycle == Count /\ HasCycle(Ring) /\ x' = 1
Fold == Count /\ MapThenFoldSet(Or, FALSE, LAMBDA e : e > 1, LAMBDA s : CHOOSE e \in s : TRUE, {1, 2, 3}) /\ x' = 1
FoldedSet == Count /\ ApaFoldSet(OrMore, FALSE, {1, 2, 3}) /\ x' = 1
FoldedSequence == Count /\ ApaFoldSeqLeft(OrMore, FALSE, <<1, 2, 3>>) /\ x' = 1
Repeated == Count /\ Repeat(OrMore, 3, FALSE) /\ x' = 1
===============================================================================
