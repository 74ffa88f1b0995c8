------------------------------- MODULE Graphs -------------------------------
(***************************************************************************)
(* Directed graphs.  A graph is a record with a set of nodes, node, and a  *)
(* set of pairs of nodes, edge.  Native are SimplePath, AreConnectedIn and *)
(* IsStronglyConnected.                                                    *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, SequencesExt, Relation

IsDirectedGraph(G) ==
  /\ G = [node |-> G.node, edge |-> G.edge]
  /\ G.edge \subseteq G.node \X G.node

DirectedSubgraph(G) ==
  {H \in [node : SUBSET G.node, edge : SUBSET (G.node \X G.node)] :
     H.edge \subseteq G.edge /\ IsDirectedGraph(H)}

EmptyGraph == [node |-> {}, edge |-> {}]

(***************************************************************************)
(* All graphs with the nodes S.                                            *)
(***************************************************************************)
Graphs(S) == [node : {S}, edge : SUBSET (S \X S)]

GraphUnion(G, H) == [node |-> G.node \cup H.node, edge |-> G.edge \cup H.edge]

(***************************************************************************)
(* All edges turned round.                                                 *)
(***************************************************************************)
Transpose(G) == [node |-> G.node, edge |-> {<<e[2], e[1]>> : e \in G.edge}]
-----------------------------------------------------------------------------
(***************************************************************************)
(* A graph counts as undirected if each edge exists in both directions.    *)
(***************************************************************************)
IsUndirectedGraph(G) ==
  IsDirectedGraph(G) /\ \A e \in G.edge : <<e[2], e[1]>> \in G.edge

UndirectedSubgraph(G) == {H \in DirectedSubgraph(G) : IsUndirectedGraph(H)}

(***************************************************************************)
(* Each edge leads from U to V or from V to U.                             *)
(***************************************************************************)
IsBipartiteWithPartitions(G, U, V) ==
  /\ U \cap V = {}
  /\ G.node \subseteq U \cup V
  /\ \A e \in G.edge : (e[1] \in U /\ e[2] \in V) \/ (e[1] \in V /\ e[2] \in U)
-----------------------------------------------------------------------------
(***************************************************************************)
(* A path is a sequence of at least one node, with an edge from each to    *)
(* the next; a simple path visits no node twice.                           *)
(***************************************************************************)
Path(G) ==
  {p \in Seq(G.node) :
     p # <<>> /\ \A i \in 1..(Len(p) - 1) : <<p[i], p[i + 1]>> \in G.edge}

SimplePath(G) ==
  {p \in Path(G) : \A i \in 1..Len(p) : \A j \in 1..Len(p) : p[i] = p[j] => i = j}

(***************************************************************************)
(* A path leads from m to n; one leads from each node to each.             *)
(***************************************************************************)
AreConnectedIn(m, n, G) == \E p \in Path(G) : p[1] = m /\ p[Len(p)] = n

IsStronglyConnected(G) == \A m \in G.node : \A n \in G.node : AreConnectedIn(m, n, G)

(***************************************************************************)
(* The matrix of all connections, computed at once: Through[N] has those   *)
(* by way of nodes of N (Warshall).                                        *)
(***************************************************************************)
ConnectionsIn(G) ==
  LET Through[N \in SUBSET G.node] ==
        IF N = {}
        THEN [m, n \in G.node |-> m = n \/ <<m, n>> \in G.edge]
        ELSE LET u == CHOOSE v \in N : TRUE
                 before == Through[N \ {u}]
             IN  [m, n \in G.node |-> before[m, n] \/ (before[m, u] /\ before[u, n])]
  IN  Through[G.node]

HasCycle(G) ==
  LET connected == ConnectionsIn(G)
  IN  \/ \E n \in G.node : <<n, n>> \in G.edge
      \/ \E m \in G.node : \E n \in G.node :
           m # n /\ connected[m, n] /\ connected[n, m]

IsDag(G) == IsDirectedGraph(G) /\ ~HasCycle(G)
-----------------------------------------------------------------------------
(***************************************************************************)
(* A tree whose edges point to the root r: every other node has exactly    *)
(* one edge that leaves it, and a path to r.                               *)
(***************************************************************************)
IsTreeWithRoot(G, r) ==
  /\ IsDirectedGraph(G)
  /\ r \in G.node
  /\ \A e \in G.edge : e[1] # r /\ \A f \in G.edge : e[1] = f[1] => e = f
  /\ \A n \in G.node : AreConnectedIn(n, r, G)
-----------------------------------------------------------------------------
(***************************************************************************)
(* The neighbours of a node, or of the nodes of a set, and how many there  *)
(* are.                                                                    *)
(***************************************************************************)
Successors(G, n) == {m \in G.node : <<n, m>> \in G.edge}
Predecessors(G, n) == {m \in G.node : <<m, n>> \in G.edge}
AllSuccessors(G, S) == UNION {Successors(G, n) : n \in S}
AllPredecessors(G, S) == UNION {Predecessors(G, n) : n \in S}
InDegree(G, n) == Cardinality(Predecessors(G, n))
OutDegree(G, n) == Cardinality(Successors(G, n))

(***************************************************************************)
(* Nodes that no edge enters, and nodes that no edge leaves.               *)
(***************************************************************************)
Roots(G) == {n \in G.node : Predecessors(G, n) = {}}
Leaves(G) == {n \in G.node : Successors(G, n) = {}}

(***************************************************************************)
(* The nodes from which at least one edge after the other leads to n, and  *)
(* those to which n leads.  n is among them only if it lies on a cycle.    *)
(***************************************************************************)
LOCAL Reach(G) ==
  TransitiveClosure([p \in G.node \X G.node |-> <<p[1], p[2]>> \in G.edge], G.node)

Ancestors(G, n) == LET reach == Reach(G) IN {m \in G.node : reach[m, n]}
Descendants(G, n) == LET reach == Reach(G) IN {m \in G.node : reach[n, m]}
=============================================================================
