----------------------- MODULE FiniteSetsExtTheorems ------------------------
(***************************************************************************)
(* Facts about the operators of module FiniteSetsExt, for proofs to cite.  *)
(***************************************************************************)
EXTENDS FiniteSetsExt, FiniteSets, Integers

(***************************************************************************)
(* Folds over a set.                                                       *)
(***************************************************************************)
THEOREM FoldSetEmpty ==
  ASSUME NEW op(_, _), NEW base
  PROVE  base = FoldSet(op, base, {})

THEOREM FoldSetNonempty ==
  ASSUME NEW op(_, _), NEW base, NEW S, IsFiniteSet(S), S # {}
  PROVE  \E x \in S : op(x, FoldSet(op, base, S \ {x})) = FoldSet(op, base, S)

THEOREM FoldSetType ==
  ASSUME NEW V, NEW op(_, _), \A v \in V : \A w \in V : op(v, w) \in V,
         NEW base \in V, NEW S \in SUBSET V, IsFiniteSet(S)
  PROVE  FoldSet(op, base, S) \in V

THEOREM FoldSetAC ==
  ASSUME NEW V, NEW op(_, _), NEW base \in V,
         \A v \in V : \A w \in V : op(v, w) \in V,
         \A v \in V : \A w \in V : op(v, w) = op(w, v),
         \A u \in V : \A v \in V : \A w \in V : op(op(u, v), w) = op(u, op(v, w)),
         NEW S \in SUBSET V, IsFiniteSet(S), NEW x \in S
  PROVE  op(x, FoldSet(op, base, S \ {x})) = FoldSet(op, base, S)

THEOREM FoldSetACAddElement ==
  ASSUME NEW V, NEW op(_, _), NEW base \in V,
         \A v \in V : \A w \in V : op(v, w) \in V,
         \A v \in V : \A w \in V : op(v, w) = op(w, v),
         \A u \in V : \A v \in V : \A w \in V : op(op(u, v), w) = op(u, op(v, w)),
         NEW S \in SUBSET V, IsFiniteSet(S), NEW x \in V \ S
  PROVE  FoldSet(op, base, S \cup {x}) = op(x, FoldSet(op, base, S))

THEOREM FoldSetDisjointUnion ==
  ASSUME NEW V, NEW op(_, _), NEW base \in V,
         \A v \in V : \A w \in V : op(v, w) \in V,
         \A v \in V : \A w \in V : op(v, w) = op(w, v),
         \A u \in V : \A v \in V : \A w \in V : op(op(u, v), w) = op(u, op(v, w)),
         \A v \in V : op(base, v) = v,
         NEW S \in SUBSET V, IsFiniteSet(S), NEW T \in SUBSET V, IsFiniteSet(T),
         S \cap T = {}
  PROVE  FoldSet(op, base, S \cup T) = op(FoldSet(op, base, S), FoldSet(op, base, T))
-----------------------------------------------------------------------------
(***************************************************************************)
(* Sums.                                                                   *)
(***************************************************************************)
THEOREM SumSetEmpty == 0 = SumSet({})

THEOREM SumSetNat ==
  ASSUME NEW S \in SUBSET Nat, IsFiniteSet(S)
  PROVE  SumSet(S) \in Nat

THEOREM SumSetInt ==
  ASSUME NEW S \in SUBSET Int, IsFiniteSet(S)
  PROVE  SumSet(S) \in Int

THEOREM SumSetNonempty ==
  ASSUME NEW S \in SUBSET Int, IsFiniteSet(S), NEW x \in S
  PROVE  x + SumSet(S \ {x}) = SumSet(S)

THEOREM SumSetAddElement ==
  ASSUME NEW S \in SUBSET Int, IsFiniteSet(S), NEW x \in Int \ S
  PROVE  x + SumSet(S) = SumSet(S \cup {x})

THEOREM SumSetDisjointUnion ==
  ASSUME NEW S \in SUBSET Int, IsFiniteSet(S), NEW T \in SUBSET Int, IsFiniteSet(T),
         S \cap T = {}
  PROVE  SumSet(S) + SumSet(T) = SumSet(S \cup T)

THEOREM SumSetNatSubset ==
  ASSUME NEW S \in SUBSET Nat, IsFiniteSet(S), NEW T \in SUBSET S
  PROVE  SumSet(S) >= SumSet(T)

THEOREM SumSetNatZero ==
  ASSUME NEW S \in SUBSET Nat, IsFiniteSet(S)
  PROVE  S \subseteq {0} <=> SumSet(S) = 0
-----------------------------------------------------------------------------
(***************************************************************************)
(* Products.                                                               *)
(***************************************************************************)
THEOREM ProductSetEmpty == 1 = ProductSet({})

THEOREM ProductSetNat ==
  ASSUME NEW S \in SUBSET Nat, IsFiniteSet(S)
  PROVE  ProductSet(S) \in Nat

THEOREM ProductSetInt ==
  ASSUME NEW S \in SUBSET Int, IsFiniteSet(S)
  PROVE  ProductSet(S) \in Int

THEOREM ProductSetNonempty ==
  ASSUME NEW S \in SUBSET Int, IsFiniteSet(S), NEW x \in S
  PROVE  x * ProductSet(S \ {x}) = ProductSet(S)

THEOREM ProductSetAddElement ==
  ASSUME NEW S \in SUBSET Int, IsFiniteSet(S), NEW x \in Int \ S
  PROVE  x * ProductSet(S) = ProductSet(S \cup {x})

THEOREM ProductSetDisjointUnion ==
  ASSUME NEW S \in SUBSET Int, IsFiniteSet(S), NEW T \in SUBSET Int, IsFiniteSet(T),
         S \cap T = {}
  PROVE  ProductSet(S) * ProductSet(T) = ProductSet(S \cup T)

THEOREM ProductSetNatSubset ==
  ASSUME NEW S \in SUBSET (Nat \ {0}), IsFiniteSet(S), NEW T \in SUBSET S
  PROVE  ProductSet(S) >= ProductSet(T)

THEOREM ProductSetNatOne ==
  ASSUME NEW S \in SUBSET Nat, IsFiniteSet(S)
  PROVE  S \subseteq {1} <=> ProductSet(S) = 1

THEOREM ProductSetZero ==
  ASSUME NEW S \in SUBSET Int, IsFiniteSet(S)
  PROVE  0 \in S <=> ProductSet(S) = 0
-----------------------------------------------------------------------------
(***************************************************************************)
(* Sums of the values of an operator.                                      *)
(***************************************************************************)
THEOREM MapThenSumSetEmpty ==
  ASSUME NEW f(_)
  PROVE  0 = MapThenSumSet(f, {})

THEOREM MapThenSumSetNat ==
  ASSUME NEW S, IsFiniteSet(S), NEW f(_), \A x \in S : f(x) \in Nat
  PROVE  MapThenSumSet(f, S) \in Nat

THEOREM MapThenSumSetInt ==
  ASSUME NEW S, IsFiniteSet(S), NEW f(_), \A x \in S : f(x) \in Int
  PROVE  MapThenSumSet(f, S) \in Int

THEOREM MapThenSumSetNonempty ==
  ASSUME NEW S, IsFiniteSet(S), NEW f(_), \A x \in S : f(x) \in Int, NEW x \in S
  PROVE  f(x) + MapThenSumSet(f, S \ {x}) = MapThenSumSet(f, S)

THEOREM MapThenSumSetAddElement ==
  ASSUME NEW S, IsFiniteSet(S), NEW x, x \notin S,
         NEW f(_), \A y \in S \cup {x} : f(y) \in Int
  PROVE  f(x) + MapThenSumSet(f, S) = MapThenSumSet(f, S \cup {x})

THEOREM MapThenSumSetDisjointUnion ==
  ASSUME NEW S, IsFiniteSet(S), NEW T, IsFiniteSet(T), S \cap T = {},
         NEW f(_), \A x \in S \cup T : f(x) \in Int
  PROVE  MapThenSumSet(f, S) + MapThenSumSet(f, T) = MapThenSumSet(f, S \cup T)

THEOREM MapThenSumSetNatSubset ==
  ASSUME NEW S, IsFiniteSet(S), NEW T \in SUBSET S,
         NEW f(_), \A x \in S : f(x) \in Nat
  PROVE  MapThenSumSet(f, S) >= MapThenSumSet(f, T)

THEOREM MapThenSumSetZero ==
  ASSUME NEW S, IsFiniteSet(S), NEW f(_), \A x \in S : f(x) \in Nat
  PROVE  (\A x \in S : f(x) = 0) <=> MapThenSumSet(f, S) = 0

THEOREM MapThenSumSetMonotonic ==
  ASSUME NEW S, IsFiniteSet(S),
         NEW f(_), NEW g(_), \A x \in S : f(x) \in Int /\ g(x) \in Int,
         \A x \in S : g(x) >= f(x)
  PROVE  MapThenSumSet(g, S) >= MapThenSumSet(f, S)

THEOREM MapThenSumSetStrictlyMonotonic ==
  ASSUME NEW S, IsFiniteSet(S),
         NEW f(_), NEW g(_), \A x \in S : f(x) \in Int /\ g(x) \in Int,
         \A x \in S : g(x) >= f(x), \E x \in S : g(x) > f(x)
  PROVE  MapThenSumSet(g, S) > MapThenSumSet(f, S)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Greatest and least elements.                                            *)
(***************************************************************************)
THEOREM MaxInt ==
  ASSUME NEW S \in SUBSET Int, NEW top \in S, \A x \in S : top >= x
  PROVE  Max(S) = top

THEOREM MaxIntFinite ==
  ASSUME NEW S \in SUBSET Int, IsFiniteSet(S), S # {}
  PROVE  Max(S) \in S /\ \A x \in S : x <= Max(S)

THEOREM MaxIntBounded ==
  ASSUME NEW S \in SUBSET Int, S # {}, NEW bound \in Int, \A x \in S : x <= bound
  PROVE  Max(S) \in S /\ \A x \in S : x <= Max(S)

THEOREM MaxInterval ==
  ASSUME NEW a \in Int, NEW b \in Int, a <= b
  PROVE  b = Max(a..b)

THEOREM MinInt ==
  ASSUME NEW S \in SUBSET Int, NEW bottom \in S, \A x \in S : bottom <= x
  PROVE  Min(S) = bottom

THEOREM MinIntFinite ==
  ASSUME NEW S \in SUBSET Int, IsFiniteSet(S), S # {}
  PROVE  Min(S) \in S /\ \A x \in S : x >= Min(S)

THEOREM MinIntBounded ==
  ASSUME NEW S \in SUBSET Int, S # {}, NEW bound \in Int, \A x \in S : x >= bound
  PROVE  Min(S) \in S /\ \A x \in S : x >= Min(S)

THEOREM MinInterval ==
  ASSUME NEW a \in Int, NEW b \in Int, a <= b
  PROVE  a = Min(a..b)

THEOREM MinNat ==
  ASSUME NEW S \in SUBSET Nat, S # {}
  PROVE  Min(S) \in S /\ \A x \in S : x >= Min(S)
-----------------------------------------------------------------------------
(***************************************************************************)
(* What contains a majority is a majority.                                 *)
(***************************************************************************)
THEOREM SupersetOfMajorityIsMajority ==
  ASSUME NEW U, IsFiniteSet(U), NEW A \in SUBSET U, NEW B \in SUBSET U,
         A \subseteq B, Cardinality(U) < 2 * Cardinality(A)
  PROVE  Cardinality(U) < 2 * Cardinality(B)
=============================================================================
