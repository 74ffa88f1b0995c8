------------------------------ MODULE Relation ------------------------------
(***************************************************************************)
(* Properties of binary relations on a set S.  A relation is a function R  *)
(* from S \X S to BOOLEAN, or, where the name ends in Under, an operator.  *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

LOCAL Graph(op(_, _), S) == [p \in S \X S |-> op(p[1], p[2])]
-----------------------------------------------------------------------------
IsReflexive(R, S) == \A x \in S : R[x, x]
IsReflexiveUnder(op(_, _), S) == IsReflexive(Graph(op, S), S)

IsIrreflexive(R, S) == \A x \in S : ~R[x, x]
IsIrreflexiveUnder(op(_, _), S) == IsIrreflexive(Graph(op, S), S)

IsSymmetric(R, S) == \A x \in S : \A y \in S : R[x, y] <=> R[y, x]
IsSymmetricUnder(op(_, _), S) == IsSymmetric(Graph(op, S), S)

IsAntiSymmetric(R, S) == \A x \in S : \A y \in S : (R[x, y] /\ R[y, x]) => (x = y)
IsAntiSymmetricUnder(op(_, _), S) == IsAntiSymmetric(Graph(op, S), S)

IsAsymmetric(R, S) == \A x \in S : \A y \in S : ~(R[x, y] /\ R[y, x])
IsAsymmetricUnder(op(_, _), S) == IsAsymmetric(Graph(op, S), S)

IsTransitive(R, S) ==
  \A x \in S : \A y \in S : \A z \in S : (R[x, y] /\ R[y, z]) => R[x, z]
IsTransitiveUnder(op(_, _), S) == IsTransitive(Graph(op, S), S)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Orders like < and like <=; total ones compare any two elements.         *)
(***************************************************************************)
IsStrictlyPartiallyOrdered(R, S) ==
  IsIrreflexive(R, S) /\ IsAntiSymmetric(R, S) /\ IsTransitive(R, S)
IsStrictlyPartiallyOrderedUnder(op(_, _), S) ==
  IsStrictlyPartiallyOrdered(Graph(op, S), S)

IsPartiallyOrdered(R, S) ==
  IsReflexive(R, S) /\ IsAntiSymmetric(R, S) /\ IsTransitive(R, S)
IsPartiallyOrderedUnder(op(_, _), S) == IsPartiallyOrdered(Graph(op, S), S)

IsStrictlyTotallyOrdered(R, S) ==
  /\ IsStrictlyPartiallyOrdered(R, S)
  /\ \A x \in S : \A y \in S : x = y \/ R[x, y] \/ R[y, x]
IsStrictlyTotallyOrderedUnder(op(_, _), S) ==
  IsStrictlyTotallyOrdered(Graph(op, S), S)

IsTotallyOrdered(R, S) ==
  /\ IsPartiallyOrdered(R, S)
  /\ \A x \in S : \A y \in S : R[x, y] \/ R[y, x]
IsTotallyOrderedUnder(op(_, _), S) == IsTotallyOrdered(Graph(op, S), S)
-----------------------------------------------------------------------------
(***************************************************************************)
(* x and y are related through a chain of elements.  Each round joins the  *)
(* chains of the round before; the longest that are needed have as many    *)
(* steps as S has elements.                                                *)
(***************************************************************************)
TransitiveClosure(R, S) ==
  LET Steps[k \in Nat] ==
        [x, y \in S |->
           IF k = 0
           THEN R[x, y]
           ELSE Steps[k - 1][x, y] \/ \E z \in S : Steps[k - 1][x, z] /\ Steps[k - 1][z, y]]
  IN  Steps[Cardinality(S)]

ReflexiveTransitiveClosure(R, S) ==
  LET closure == TransitiveClosure(R, S)
  IN  [x, y \in S |-> x = y \/ closure[x, y]]

(***************************************************************************)
(* Each element leads to each.                                             *)
(***************************************************************************)
IsConnected(R, S) ==
  LET leads == ReflexiveTransitiveClosure(R, S)
  IN  \A x \in S : \A y \in S : leads[x, y]
=============================================================================
