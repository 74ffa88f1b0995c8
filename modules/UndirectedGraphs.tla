-------------------------- MODULE UndirectedGraphs --------------------------
(***************************************************************************)
(* Undirected graphs.  A graph is a record with a set of nodes, node, and  *)
(* a set of edges, edge, which are sets of two nodes, or of one for a      *)
(* loop.  Native are SimplePath, AreConnectedIn and ConnectedComponents.   *)
(***************************************************************************)
LOCAL INSTANCE Naturals
LOCAL INSTANCE Sequences
LOCAL INSTANCE SequencesExt
LOCAL INSTANCE FiniteSets
LOCAL INSTANCE Folds
LOCAL INSTANCE Functions

LOCAL IsGraphRecord(G) == G = [node |-> G.node, edge |-> G.edge]

IsUndirectedGraph(G) ==
  IsGraphRecord(G) /\ \A e \in G.edge : \E a \in G.node : \E b \in G.node : e = {a, b}

IsLoopFreeUndirectedGraph(G) ==
  /\ IsGraphRecord(G)
  /\ \A e \in G.edge : \E a \in G.node : \E b \in G.node : a # b /\ e = {a, b}

UndirectedSubgraph(G) ==
  {H \in [node : SUBSET G.node, edge : SUBSET G.edge] : IsUndirectedGraph(H)}

(***************************************************************************)
(* All graphs with the nodes S.                                            *)
(***************************************************************************)
UndirectedGraphs(S) ==
  [node : {S}, edge : SUBSET {{p[1], p[2]} : p \in S \X S}]
-----------------------------------------------------------------------------
(***************************************************************************)
(* A path is a sequence of at least one node, with an edge between each    *)
(* and the next; a simple path visits no node twice.                       *)
(***************************************************************************)
LOCAL Follows(p, edges) == \A i \in 1..(Len(p) - 1) : {p[i], p[i + 1]} \in edges

Path(G) == {p \in Seq(G.node) : p # <<>> /\ Follows(p, G.edge)}

SimplePath(G) ==
  {p \in Path(G) : \A i \in 1..Len(p) : \A j \in 1..Len(p) : p[i] = p[j] => i = j}

AreConnectedIn(m, n, G) == \E p \in Path(G) : p[1] = m /\ p[Len(p)] = n
-----------------------------------------------------------------------------
(***************************************************************************)
(* The largest sets of nodes within which a path joins any two.            *)
(***************************************************************************)
ConnectedComponents(G) ==
  LET Joins(p, m, n) == p # <<>> /\ p[1] = m /\ p[Len(p)] = n /\ Follows(p, G.edge)
      Connected(S) ==
        S # {} /\ \A m \in S : \A n \in S : \E p \in Seq(S) : Joins(p, m, n)
  IN  {S \in SUBSET G.node :
         /\ Connected(S)
         /\ \A T \in SUBSET G.node : Connected(T) /\ S \subseteq T => S = T}

IsStronglyConnected(G) == ConnectedComponents(G) = {G.node}
=============================================================================
