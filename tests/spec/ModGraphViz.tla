---------------------------- MODULE ModGraphViz ----------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* DotDiGraph: the names of nodes are fingerprints, so only the frame around them is compared.
EXTENDS GraphViz, Sequences, Integers

G == [node |-> {1, 2}, edge |-> {<<1, 2>>}]
Dot == DotDiGraph(G, LAMBDA n : n, LAMBDA e : IF e = e THEN "edge" ELSE "?")

ASSUME SubSeq(Dot, 1, 17) = "digraph MyGraph {" /\ SubSeq(Dot, Len(Dot), Len(Dot)) = "}"
ASSUME SubSeq(Dot, Len(Dot) - 15, Len(Dot)) = "[label=\"edge\"];}"
ASSUME DotDiGraph([node |-> {}, edge |-> {}], LAMBDA n : n, LAMBDA e : e) = "digraph MyGraph {}"
=============================================================================
