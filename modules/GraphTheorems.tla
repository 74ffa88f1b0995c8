---------------------------- MODULE GraphTheorems ---------------------------
(***************************************************************************)
(* Facts about directed graphs and trees, for proofs to cite.              *)
(***************************************************************************)
EXTENDS Graphs, Sequences

(***************************************************************************)
(* Graphs with all edges turned round.                                     *)
(***************************************************************************)
THEOREM TransposeIsDirectedGraph ==
  ASSUME NEW G, IsDirectedGraph(G)
  PROVE  IsDirectedGraph(Transpose(G))

THEOREM TransposeTranspose ==
  ASSUME NEW G, IsDirectedGraph(G)
  PROVE  G = Transpose(Transpose(G))

THEOREM PathTranspose ==
  ASSUME NEW G, NEW path \in Path(G)
  PROVE  Reverse(path) \in Path(Transpose(G))

THEOREM TransposePath ==
  ASSUME NEW G, IsDirectedGraph(G), NEW path \in Path(Transpose(G))
  PROVE  Reverse(path) \in Path(G)

THEOREM SimplePathTranspose ==
  ASSUME NEW G, NEW path \in SimplePath(G)
  PROVE  Reverse(path) \in SimplePath(Transpose(G))

THEOREM TransposeSimplePath ==
  ASSUME NEW G, IsDirectedGraph(G), NEW path \in SimplePath(Transpose(G))
  PROVE  Reverse(path) \in SimplePath(G)

THEOREM AreConnectedInTranspose ==
  ASSUME NEW G, NEW a, NEW b, AreConnectedIn(a, b, G)
  PROVE  AreConnectedIn(b, a, Transpose(G))

THEOREM TransposeAreConnectedIn ==
  ASSUME NEW G, IsDirectedGraph(G), NEW a, NEW b, AreConnectedIn(a, b, Transpose(G))
  PROVE  AreConnectedIn(b, a, G)

THEOREM IsStronglyConnectedTranspose ==
  ASSUME NEW G, IsStronglyConnected(G)
  PROVE  IsStronglyConnected(Transpose(G))

THEOREM TransposeIsStronglyConnected ==
  ASSUME NEW G, IsDirectedGraph(G), IsStronglyConnected(Transpose(G))
  PROVE  IsStronglyConnected(G)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Paths put together, taken apart, made simple.                           *)
(***************************************************************************)
THEOREM PathConcatenation ==
  ASSUME NEW G, NEW p \in Path(G), NEW q \in Path(G), q[1] = p[Len(p)]
  PROVE  p \o Tail(q) \in Path(G)

THEOREM SubPath ==
  ASSUME NEW G, NEW p \in Path(G), NEW from \in 1..Len(p), NEW to \in from..Len(p)
  PROVE  SubSeq(p, from, to) \in Path(G)

THEOREM ExistsPathIffExistsSimplePath ==
  ASSUME NEW G, NEW a \in G.node, NEW b \in G.node
  PROVE  (\E p \in SimplePath(G) : p[1] = a /\ p[Len(p)] = b)
           <=> (\E p \in Path(G) : p[1] = a /\ p[Len(p)] = b)

THEOREM ConnectedReflexive ==
  ASSUME NEW G, NEW n \in G.node
  PROVE  AreConnectedIn(n, n, G)

THEOREM ConnectedTransitive ==
  ASSUME NEW G, NEW a \in G.node, NEW b \in G.node, NEW c \in G.node,
         AreConnectedIn(a, b, G), AreConnectedIn(b, c, G)
  PROVE  AreConnectedIn(a, c, G)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Trees have no cycles: each set of nodes has one whose edges leave it.   *)
(***************************************************************************)
THEOREM TreeAcyclic ==
  ASSUME NEW G, NEW r, IsTreeWithRoot(G, r), NEW S \in SUBSET G.node, S # {}
  PROVE  \E n \in S : ~\E e \in G.edge : e[1] = n /\ e[2] \in S

THEOREM TreeIrreflexive ==
  ASSUME NEW G, NEW r, IsTreeWithRoot(G, r), NEW n \in G.node
  PROVE  <<n, n>> \notin G.edge

THEOREM TreeSimplePath ==
  ASSUME NEW G, NEW r, IsTreeWithRoot(G, r), NEW path \in Path(G)
  PROVE  path \in SimplePath(G)

THEOREM TreeConnectedAntisymmetric ==
  ASSUME NEW G, NEW r, IsTreeWithRoot(G, r), NEW a \in G.node, NEW b \in G.node,
         AreConnectedIn(a, b, G), AreConnectedIn(b, a, G)
  PROVE  a = b
-----------------------------------------------------------------------------
(***************************************************************************)
(* Trees grow and shrink.  Edges point to the root.                        *)
(***************************************************************************)
THEOREM SingletonIsTreeWithRoot ==
  ASSUME NEW r
  PROVE  IsTreeWithRoot([node |-> {r}, edge |-> {}], r)

THEOREM AttachTree ==
  ASSUME NEW G, NEW r, IsTreeWithRoot(G, r),
         NEW H, NEW s, IsTreeWithRoot(H, s),
         G.node \cap H.node = {}, NEW n \in G.node
  PROVE  IsTreeWithRoot([node |-> G.node \cup H.node,
                         edge |-> G.edge \cup H.edge \cup {<<s, n>>}],
                        r)

THEOREM AddLeafToTree ==
  ASSUME NEW G, NEW r, IsTreeWithRoot(G, r),
         NEW leaf, leaf \notin G.node, NEW parent, parent \in G.node
  PROVE  IsTreeWithRoot([node |-> G.node \cup {leaf},
                         edge |-> G.edge \cup {<<leaf, parent>>}],
                        r)

THEOREM RemoveSubtree ==
  ASSUME NEW G, NEW r, IsTreeWithRoot(G, r), NEW top \in G.node \ {r}
  PROVE  LET kept == {n \in G.node : ~AreConnectedIn(n, top, G)}
         IN  IsTreeWithRoot([node |-> kept, edge |-> G.edge \cap (kept \X kept)], r)

THEOREM RemoveLeafFromTree ==
  ASSUME NEW G, NEW r, IsTreeWithRoot(G, r),
         NEW leaf \in G.node, Predecessors(G, leaf) = {},
         NEW parent \in G.node, <<leaf, parent>> \in G.edge
  PROVE  IsTreeWithRoot([node |-> G.node \ {leaf},
                         edge |-> G.edge \ {<<leaf, parent>>}],
                        r)
-----------------------------------------------------------------------------
(***************************************************************************)
(* The same with edges that point away from the root.                      *)
(***************************************************************************)
THEOREM SingletonIsTransposedTreeWithRoot ==
  ASSUME NEW r
  PROVE  IsTreeWithRoot(Transpose([node |-> {r}, edge |-> {}]), r)

THEOREM AttachTransposedTree ==
  ASSUME NEW G, IsDirectedGraph(G), NEW r, IsTreeWithRoot(Transpose(G), r),
         NEW H, IsDirectedGraph(H), NEW s, IsTreeWithRoot(Transpose(H), s),
         G.node \cap H.node = {}, NEW n \in G.node
  PROVE  IsTreeWithRoot(Transpose([node |-> G.node \cup H.node,
                                   edge |-> G.edge \cup H.edge \cup {<<n, s>>}]),
                        r)

THEOREM AddLeafToTransposedTree ==
  ASSUME NEW G, IsDirectedGraph(G), NEW r, IsTreeWithRoot(Transpose(G), r),
         NEW leaf, leaf \notin G.node, NEW parent, parent \in G.node
  PROVE  IsTreeWithRoot(Transpose([node |-> G.node \cup {leaf},
                                   edge |-> G.edge \cup {<<parent, leaf>>}]),
                        r)

THEOREM RemoveTransposedSubtree ==
  ASSUME NEW G, IsDirectedGraph(G), NEW r, IsTreeWithRoot(Transpose(G), r),
         NEW top \in G.node \ {r}
  PROVE  LET kept == {n \in G.node : ~AreConnectedIn(top, n, G)}
         IN  IsTreeWithRoot(Transpose([node |-> kept,
                                       edge |-> G.edge \cap (kept \X kept)]),
                            r)

THEOREM RemoveLeafFromTransposedTree ==
  ASSUME NEW G, IsDirectedGraph(G), NEW r, IsTreeWithRoot(Transpose(G), r),
         NEW leaf \in G.node, Successors(G, leaf) = {},
         NEW parent \in G.node, <<parent, leaf>> \in G.edge
  PROVE  IsTreeWithRoot(Transpose([node |-> G.node \ {leaf},
                                   edge |-> G.edge \ {<<parent, leaf>>}]),
                        r)
=============================================================================
