--------------------------- MODULE FoldsTheorems ----------------------------
(***************************************************************************)
(* Facts about MapThenFoldSet, for proofs to cite.  Where an assumption    *)
(* says that choose(T) \in T, it says that choose picks an element of each *)
(* subset that has one; AC stands for associative and commutative.         *)
(***************************************************************************)
EXTENDS Folds, FiniteSets

THEOREM MapThenFoldSetDef ==
  ASSUME NEW op(_, _), NEW base, NEW f(_), NEW choose(_),
         NEW S, IsFiniteSet(S), \A T \in SUBSET S : T # {} => choose(T) \in T
  PROVE  LET x == choose(S)
         IN  MapThenFoldSet(op, base, f, choose, S) =
               IF S # {} THEN op(f(x), MapThenFoldSet(op, base, f, choose, S \ {x}))
                         ELSE base

THEOREM MapThenFoldSetEmpty ==
  ASSUME NEW op(_, _), NEW base, NEW f(_), NEW choose(_)
  PROVE  base = MapThenFoldSet(op, base, f, choose, {})

THEOREM MapThenFoldSetNonempty ==
  ASSUME NEW op(_, _), NEW base, NEW f(_), NEW choose(_),
         NEW S, IsFiniteSet(S), S # {}, \A T \in SUBSET S : T # {} => choose(T) \in T
  PROVE  LET x == choose(S)
         IN  MapThenFoldSet(op, base, f, choose, S) =
               op(f(x), MapThenFoldSet(op, base, f, choose, S \ {x}))

THEOREM MapThenFoldSetType ==
  ASSUME NEW V, NEW op(_, _), \A v \in V : \A w \in V : op(v, w) \in V,
         NEW base \in V, NEW f(_), NEW choose(_),
         NEW S, IsFiniteSet(S), \A T \in SUBSET S : T # {} => choose(T) \in T,
         \A x \in S : f(x) \in V
  PROVE  MapThenFoldSet(op, base, f, choose, S) \in V

(***************************************************************************)
(* Equal values at all elements; equal values at elements that correspond. *)
(***************************************************************************)
THEOREM MapThenFoldSetEqual ==
  ASSUME NEW op(_, _), NEW base, NEW f(_), NEW g(_), NEW choose(_),
         NEW S, IsFiniteSet(S), \A T \in SUBSET S : T # {} => choose(T) \in T,
         \A x \in S : g(x) = f(x)
  PROVE  MapThenFoldSet(op, base, g, choose, S) = MapThenFoldSet(op, base, f, choose, S)

THEOREM MapThenFoldSetBijection ==
  ASSUME NEW op(_, _), NEW base,
         NEW S, IsFiniteSet(S), NEW f(_), NEW chooseS(_),
         \A U \in SUBSET S : U # {} => chooseS(U) \in U,
         NEW T, IsFiniteSet(T), NEW g(_), NEW chooseT(_),
         \A U \in SUBSET T : U # {} => chooseT(U) \in U,
         NEW to(_),
         \A x \in S : to(x) \in T /\ g(to(x)) = f(x),
         \A x \in S : \A y \in S : to(x) = to(y) => x = y,
         \A y \in T : \E x \in S : to(x) = y,
         \A U \in SUBSET S : U # {} => chooseT({to(x) : x \in U}) = to(chooseS(U))
  PROVE  MapThenFoldSet(op, base, f, chooseS, S) =
           MapThenFoldSet(op, base, g, chooseT, T)
-----------------------------------------------------------------------------
(***************************************************************************)
(* If op is associative and commutative, any element can be dealt with     *)
(* last, and a set can be folded in two parts.                             *)
(***************************************************************************)
THEOREM MapThenFoldSetAC ==
  ASSUME NEW V, NEW op(_, _), NEW base \in V, NEW f(_), NEW choose(_),
         \A v \in V : \A w \in V : op(v, w) \in V,
         \A v \in V : \A w \in V : op(v, w) = op(w, v),
         \A u \in V : \A v \in V : \A w \in V : op(op(u, v), w) = op(u, op(v, w)),
         NEW S, IsFiniteSet(S), NEW x \in S, \A y \in S : f(y) \in V,
         \A T \in SUBSET S : T # {} => choose(T) \in T
  PROVE  op(f(x), MapThenFoldSet(op, base, f, choose, S \ {x})) =
           MapThenFoldSet(op, base, f, choose, S)

THEOREM MapThenFoldSetACAddElement ==
  ASSUME NEW V, NEW op(_, _), NEW base \in V, NEW f(_), NEW choose(_),
         \A v \in V : \A w \in V : op(v, w) \in V,
         \A v \in V : \A w \in V : op(v, w) = op(w, v),
         \A u \in V : \A v \in V : \A w \in V : op(op(u, v), w) = op(u, op(v, w)),
         NEW S, IsFiniteSet(S), NEW x, x \notin S, \A y \in S \cup {x} : f(y) \in V,
         \A T \in SUBSET (S \cup {x}) : T # {} => choose(T) \in T
  PROVE  MapThenFoldSet(op, base, f, choose, S \cup {x}) =
           op(f(x), MapThenFoldSet(op, base, f, choose, S))

THEOREM MapThenFoldSetDisjointUnion ==
  ASSUME NEW V, NEW op(_, _), NEW base \in V, NEW f(_), NEW choose(_),
         \A v \in V : \A w \in V : op(v, w) \in V,
         \A v \in V : \A w \in V : op(v, w) = op(w, v),
         \A u \in V : \A v \in V : \A w \in V : op(op(u, v), w) = op(u, op(v, w)),
         \A v \in V : op(base, v) = v,
         NEW S, IsFiniteSet(S), NEW T, IsFiniteSet(T), S \cap T = {},
         \A x \in S \cup T : f(x) \in V,
         \A U \in SUBSET (S \cup T) : U # {} => choose(U) \in U
  PROVE  MapThenFoldSet(op, base, f, choose, S \cup T) =
           op(MapThenFoldSet(op, base, f, choose, S),
              MapThenFoldSet(op, base, f, choose, T))
=============================================================================
