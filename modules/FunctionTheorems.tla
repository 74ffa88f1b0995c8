-------------------------- MODULE FunctionTheorems --------------------------
(***************************************************************************)
(* Facts about functions, for proofs to cite.                              *)
(***************************************************************************)
EXTENDS Functions, Integers, FiniteSets

(***************************************************************************)
(* Restriction, range, inverse.                                            *)
(***************************************************************************)
THEOREM Fun_RestrictProperties ==
  ASSUME NEW S, NEW T, NEW f \in [S -> T], NEW D \in SUBSET S
  PROVE  Restrict(f, D) \in [D -> T] /\ \A x \in D : f[x] = Restrict(f, D)[x]

THEOREM Fun_RangeProperties ==
  ASSUME NEW S, NEW T, NEW f \in [S -> T]
  PROVE  /\ Range(f) \subseteq T
         /\ \A y \in Range(f) : \E x \in S : y = f[x]
         /\ f \in Surjection(S, Range(f))

THEOREM Fun_InverseProperties ==
  ASSUME NEW S, NEW T, NEW f \in [S -> T]
  PROVE  /\ (S # {} \/ T = {}) => Inverse(f, S, T) \in [T -> S]
         /\ \A y \in Range(f) : f[Inverse(f, S, T)[y]] = y
-----------------------------------------------------------------------------
(***************************************************************************)
(* What it takes to be one-to-one, or onto, and what follows.              *)
(***************************************************************************)
THEOREM Fun_IsInj ==
  ASSUME NEW S, NEW T, NEW f \in [S -> T], \A x \in S : \A y \in S : f[x] = f[y] => x = y
  PROVE  f \in Injection(S, T)

THEOREM Fun_IsSurj ==
  ASSUME NEW S, NEW T, NEW f \in [S -> T], \A y \in T : \E x \in S : f[x] = y
  PROVE  f \in Surjection(S, T)

THEOREM Fun_IsBij ==
  ASSUME NEW S, NEW T, NEW f,
         \/ f \in Injection(S, T)
         \/ f \in [S -> T] /\ (\A x \in S : \A y \in S : f[x] = f[y] => x = y),
         \/ f \in Surjection(S, T)
         \/ f \in [S -> T] /\ (\A y \in T : \E x \in S : f[x] = y)
  PROVE  f \in Bijection(S, T)

THEOREM Fun_InjectionProperties ==
  ASSUME NEW S, NEW T, NEW f \in Injection(S, T)
  PROVE  f \in [S -> T] /\ \A x \in S : \A y \in S : f[x] = f[y] => x = y

THEOREM Fun_SurjectionProperties ==
  ASSUME NEW S, NEW T, NEW f \in Surjection(S, T)
  PROVE  f \in [S -> T] /\ (\A y \in T : \E x \in S : f[x] = y) /\ T = Range(f)

THEOREM Fun_BijectionProperties ==
  ASSUME NEW S, NEW T, NEW f \in Bijection(S, T)
  PROVE  /\ f \in [S -> T] /\ f \in Injection(S, T) /\ f \in Surjection(S, T)
         /\ \A x \in S : \A y \in S : f[x] = f[y] => x = y
         /\ \A y \in T : \E x \in S : f[x] = y

(***************************************************************************)
(* Onto T from S, but from no proper subset of S.                          *)
(***************************************************************************)
THEOREM Fun_SmallestSurjectionIsBijection ==
  ASSUME NEW S, NEW T, NEW f \in Surjection(S, T),
         \A D \in SUBSET S : D # S => Surjection(D, T) = {}
  PROVE  f \in Bijection(S, T)

THEOREM Fun_BijRestrict ==
  ASSUME NEW S, NEW T, NEW f \in Bijection(S, T), NEW D \in SUBSET S
  PROVE  Restrict(f, D) \in Bijection(D, Range(Restrict(f, D)))

THEOREM Fun_InjMeansBijImage ==
  ASSUME NEW S, NEW T, NEW f \in Injection(S, T)
  PROVE  f \in Bijection(S, Range(f))

(***************************************************************************)
(* One function after the other.                                           *)
(***************************************************************************)
THEOREM Fun_InjTransitive ==
  ASSUME NEW S, NEW T, NEW U, NEW f \in Injection(S, T), NEW g \in Injection(T, U)
  PROVE  [x \in S |-> g[f[x]]] \in Injection(S, U)

THEOREM Fun_SurjTransitive ==
  ASSUME NEW S, NEW T, NEW U, NEW f \in Surjection(S, T), NEW g \in Surjection(T, U)
  PROVE  [x \in S |-> g[f[x]]] \in Surjection(S, U)

THEOREM Fun_BijTransitive ==
  ASSUME NEW S, NEW T, NEW U, NEW f \in Bijection(S, T), NEW g \in Bijection(T, U)
  PROVE  [x \in S |-> g[f[x]]] \in Bijection(S, U)

(***************************************************************************)
(* Inverses.                                                               *)
(***************************************************************************)
THEOREM Fun_SurjInverse ==
  ASSUME NEW S, NEW T, NEW f \in Surjection(S, T)
  PROVE  Inverse(f, S, T) \in Injection(T, S)

THEOREM Fun_InjInverse ==
  ASSUME NEW S, NEW T, NEW f \in Injection(S, T), S # {} \/ T = {}
  PROVE  Inverse(f, S, T) \in Surjection(T, S)

THEOREM Fun_BijInverse ==
  ASSUME NEW S, NEW T, NEW f \in Bijection(S, T)
  PROVE  /\ Inverse(f, S, T) \in Bijection(T, S)
         /\ \A x \in S : Inverse(f, S, T)[f[x]] = x
         /\ f = Inverse(Inverse(f, S, T), T, S)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Sets between which such functions exist.                                *)
(***************************************************************************)
THEOREM Fun_ExistsInj ==
  ASSUME NEW S, NEW T
  PROVE  Injection(S, T) # {} <=> ExistsInjection(S, T)

THEOREM Fun_ExistsSurj ==
  ASSUME NEW S, NEW T
  PROVE  Surjection(S, T) # {} <=> ExistsSurjection(S, T)

THEOREM Fun_ExistsBij ==
  ASSUME NEW S, NEW T
  PROVE  Bijection(S, T) # {} <=> ExistsBijection(S, T)

THEOREM Fun_ExistsInjReflexive ==
  ASSUME NEW S
  PROVE  ExistsInjection(S, S)

THEOREM Fun_ExistsSurjReflexive ==
  ASSUME NEW S
  PROVE  ExistsSurjection(S, S)

THEOREM Fun_ExistsBijReflexive ==
  ASSUME NEW S
  PROVE  ExistsBijection(S, S)

THEOREM Fun_ExistsBijSymmetric ==
  ASSUME NEW S, NEW T, ExistsBijection(S, T)
  PROVE  ExistsBijection(T, S)

THEOREM Fun_ExistsInjTransitive ==
  ASSUME NEW S, NEW T, ExistsInjection(S, T), NEW U, ExistsInjection(T, U)
  PROVE  ExistsInjection(S, U)

THEOREM Fun_ExistsSurjTransitive ==
  ASSUME NEW S, NEW T, ExistsSurjection(S, T), NEW U, ExistsSurjection(T, U)
  PROVE  ExistsSurjection(S, U)

THEOREM Fun_ExistsBijTransitive ==
  ASSUME NEW S, NEW T, ExistsBijection(S, T), NEW U, ExistsBijection(T, U)
  PROVE  ExistsBijection(S, U)

THEOREM Fun_ExistsSurjSubset ==
  ASSUME NEW S, NEW T \in SUBSET S, T # {}
  PROVE  ExistsSurjection(S, T)

THEOREM Fun_ExistsSurjMeansExistsRevInj ==
  ASSUME NEW S, NEW T, ExistsSurjection(S, T)
  PROVE  ExistsInjection(T, S)
-----------------------------------------------------------------------------
(***************************************************************************)
(* One-to-one both ways makes a bijection (Cantor, Bernstein, Schroeder),  *)
(* and so do the other combinations.                                       *)
(***************************************************************************)
THEOREM Fun_CantorBernsteinSchroeder_Lemma ==
  ASSUME NEW S, NEW T, T \subseteq S, ExistsInjection(S, T)
  PROVE  ExistsBijection(S, T)

THEOREM Fun_CantorBernsteinSchroeder ==
  ASSUME NEW S, NEW T, ExistsInjection(S, T), ExistsInjection(T, S)
  PROVE  ExistsBijection(S, T)

THEOREM Fun_ExistInjAndSurjThenBij ==
  ASSUME NEW S, NEW T, ExistsInjection(S, T), ExistsSurjection(S, T)
  PROVE  ExistsBijection(S, T)

THEOREM Fun_ExistSurjAndSurjThenBij ==
  ASSUME NEW S, NEW T, ExistsSurjection(S, T), ExistsSurjection(T, S)
  PROVE  ExistsBijection(S, T)

THEOREM Fun_ExistsBijEquiv ==
  ASSUME NEW S, NEW T
  PROVE  /\ ExistsBijection(S, T) <=> ExistsBijection(T, S)
         /\ ExistsBijection(S, T) <=> ExistsInjection(S, T) /\ ExistsInjection(T, S)
         /\ ExistsBijection(S, T) <=> ExistsInjection(S, T) /\ ExistsSurjection(S, T)
         /\ ExistsBijection(S, T) <=> ExistsInjection(T, S) /\ ExistsSurjection(T, S)
         /\ ExistsBijection(S, T) <=> ExistsSurjection(S, T) /\ ExistsSurjection(T, S)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Counting with initial segments 1..n.                                    *)
(***************************************************************************)
THEOREM Fun_ExistsBijInterval ==
  ASSUME NEW a \in Int, NEW b \in Int, a <= b
  PROVE  ExistsBijection(1..((b - a) + 1), a..b)

THEOREM Fun_NatInjLeq ==
  ASSUME NEW m \in Nat, NEW n \in Nat
  PROVE  m <= n <=> ExistsInjection(1..m, 1..n)

THEOREM Fun_NatSurjImpliesNatBij ==
  ASSUME NEW n \in Nat, NEW S, ExistsSurjection(1..n, S)
  PROVE  \E m \in Nat : m <= n /\ ExistsBijection(1..m, S)

THEOREM Fun_NatSurjEquivNatBij ==
  ASSUME NEW S
  PROVE  (\E n \in Nat : ExistsBijection(1..n, S))
           <=> (\E n \in Nat : ExistsSurjection(1..n, S))

THEOREM Fun_NatBijSame ==
  ASSUME NEW S, NEW m \in Nat, ExistsBijection(1..m, S),
         NEW n \in Nat, ExistsBijection(1..n, S)
  PROVE  m = n

THEOREM Fun_NatBijEmpty ==
  ASSUME NEW S
  PROVE  S = {} <=> ExistsBijection(1..0, S)

THEOREM Fun_NatBijSingleton ==
  ASSUME NEW S
  PROVE  (\E x : S = {x}) <=> ExistsBijection(1..1, S)

THEOREM Fun_NatBijSubset ==
  ASSUME NEW n \in Nat, NEW S, ExistsBijection(1..n, S), NEW T \in SUBSET S
  PROVE  \E m \in Nat : m <= n /\ ExistsBijection(1..m, T)

THEOREM Fun_NatBijAddElem ==
  ASSUME NEW n \in Nat, NEW S, ExistsBijection(1..n, S), NEW x, x \notin S
  PROVE  ExistsBijection(1..(n + 1), S \cup {x})

THEOREM Fun_NatBijSubElem ==
  ASSUME NEW n \in Nat, NEW S, ExistsBijection(1..n, S), NEW x, x \in S
  PROVE  ExistsBijection(1..(n - 1), S \ {x})
-----------------------------------------------------------------------------
(***************************************************************************)
(* Folds of the values at some arguments.  AC: for an op that is           *)
(* associative and commutative.                                            *)
(***************************************************************************)
THEOREM FoldFunctionOnSetEmpty ==
  ASSUME NEW op(_, _), NEW base, NEW f
  PROVE  base = FoldFunctionOnSet(op, base, f, {})

THEOREM FoldFunctionOnSetNonempty ==
  ASSUME NEW op(_, _), NEW base, NEW f, NEW D, IsFiniteSet(D), D # {}
  PROVE  \E x \in D : op(f[x], FoldFunctionOnSet(op, base, f, D \ {x}))
                        = FoldFunctionOnSet(op, base, f, D)

THEOREM FoldFunctionOnSetType ==
  ASSUME NEW V, NEW op(_, _), \A v \in V : \A w \in V : op(v, w) \in V,
         NEW base \in V, NEW f, NEW D, IsFiniteSet(D), \A x \in D : f[x] \in V
  PROVE  FoldFunctionOnSet(op, base, f, D) \in V

THEOREM FoldFunctionOnSetEqual ==
  ASSUME NEW op(_, _), NEW base, NEW f, NEW g, NEW D, IsFiniteSet(D),
         \A x \in D : g[x] = f[x]
  PROVE  FoldFunctionOnSet(op, base, g, D) = FoldFunctionOnSet(op, base, f, D)

THEOREM FoldFunctionOnSetAC ==
  ASSUME NEW V, NEW op(_, _), NEW base \in V,
         \A v \in V : \A w \in V : op(v, w) \in V,
         \A v \in V : \A w \in V : op(v, w) = op(w, v),
         \A u \in V : \A v \in V : \A w \in V : op(op(u, v), w) = op(u, op(v, w)),
         NEW f, NEW D, IsFiniteSet(D), \A y \in D : f[y] \in V, NEW x \in D
  PROVE  op(f[x], FoldFunctionOnSet(op, base, f, D \ {x}))
           = FoldFunctionOnSet(op, base, f, D)

THEOREM FoldFunctionOnSetACAddIndex ==
  ASSUME NEW V, NEW op(_, _), NEW base \in V,
         \A v \in V : \A w \in V : op(v, w) \in V,
         \A v \in V : \A w \in V : op(v, w) = op(w, v),
         \A u \in V : \A v \in V : \A w \in V : op(op(u, v), w) = op(u, op(v, w)),
         NEW f, NEW D, IsFiniteSet(D), NEW x, x \notin D,
         \A y \in D \cup {x} : f[y] \in V
  PROVE  op(f[x], FoldFunctionOnSet(op, base, f, D))
           = FoldFunctionOnSet(op, base, f, D \cup {x})

THEOREM FoldFunctionOnSetACExcept ==
  ASSUME NEW V, NEW op(_, _), NEW base \in V,
         \A v \in V : \A w \in V : op(v, w) \in V,
         \A v \in V : \A w \in V : op(v, w) = op(w, v),
         \A u \in V : \A v \in V : \A w \in V : op(op(u, v), w) = op(u, op(v, w)),
         NEW f, NEW D \in SUBSET DOMAIN f, IsFiniteSet(D), \A y \in D : f[y] \in V,
         NEW x, NEW v \in V
  PROVE  FoldFunctionOnSet(op, base, [f EXCEPT ![x] = v], D) =
           IF x \notin D THEN FoldFunctionOnSet(op, base, f, D)
                         ELSE op(v, FoldFunctionOnSet(op, base, f, D \ {x}))

THEOREM FoldFunctionOnSetDisjointUnion ==
  ASSUME NEW V, NEW op(_, _), NEW base \in V,
         \A v \in V : \A w \in V : op(v, w) \in V,
         \A v \in V : \A w \in V : op(v, w) = op(w, v),
         \A u \in V : \A v \in V : \A w \in V : op(op(u, v), w) = op(u, op(v, w)),
         \A v \in V : op(base, v) = v,
         NEW S, IsFiniteSet(S), NEW T, IsFiniteSet(T), S \cap T = {},
         NEW f, \A x \in S \cup T : f[x] \in V
  PROVE  op(FoldFunctionOnSet(op, base, f, S), FoldFunctionOnSet(op, base, f, T))
           = FoldFunctionOnSet(op, base, f, S \cup T)

(***************************************************************************)
(* Folds of all values.                                                    *)
(***************************************************************************)
THEOREM FoldFunctionEmpty ==
  ASSUME NEW op(_, _), NEW base, NEW f, DOMAIN f = {}
  PROVE  base = FoldFunction(op, base, f)

THEOREM FoldFunctionNonempty ==
  ASSUME NEW op(_, _), NEW base, NEW f, IsFiniteSet(DOMAIN f), DOMAIN f # {}
  PROVE  \E x \in DOMAIN f : op(f[x], FoldFunctionOnSet(op, base, f, DOMAIN f \ {x}))
                               = FoldFunction(op, base, f)

THEOREM FoldFunctionType ==
  ASSUME NEW V, NEW op(_, _), \A v \in V : \A w \in V : op(v, w) \in V,
         NEW base \in V, NEW f, IsFiniteSet(DOMAIN f), \A x \in DOMAIN f : f[x] \in V
  PROVE  FoldFunction(op, base, f) \in V

THEOREM FoldFunctionAC ==
  ASSUME NEW V, NEW op(_, _), NEW base \in V,
         \A v \in V : \A w \in V : op(v, w) \in V,
         \A v \in V : \A w \in V : op(v, w) = op(w, v),
         \A u \in V : \A v \in V : \A w \in V : op(op(u, v), w) = op(u, op(v, w)),
         NEW f, IsFiniteSet(DOMAIN f), \A y \in DOMAIN f : f[y] \in V,
         NEW x \in DOMAIN f
  PROVE  op(f[x], FoldFunctionOnSet(op, base, f, DOMAIN f \ {x}))
           = FoldFunction(op, base, f)

THEOREM FoldFunctionACExcept ==
  ASSUME NEW V, NEW op(_, _), NEW base \in V,
         \A v \in V : \A w \in V : op(v, w) \in V,
         \A v \in V : \A w \in V : op(v, w) = op(w, v),
         \A u \in V : \A v \in V : \A w \in V : op(op(u, v), w) = op(u, op(v, w)),
         NEW f, IsFiniteSet(DOMAIN f), \A y \in DOMAIN f : f[y] \in V,
         NEW x, NEW v \in V
  PROVE  FoldFunction(op, base, [f EXCEPT ![x] = v]) =
           IF x \notin DOMAIN f
           THEN FoldFunction(op, base, f)
           ELSE op(v, FoldFunctionOnSet(op, base, f, DOMAIN f \ {x}))
-----------------------------------------------------------------------------
(***************************************************************************)
(* Sums of the values at some arguments.                                   *)
(***************************************************************************)
THEOREM SumFunctionOnSetEmpty ==
  ASSUME NEW f
  PROVE  0 = SumFunctionOnSet(f, {})

THEOREM SumFunctionOnSetNat ==
  ASSUME NEW f, NEW D, IsFiniteSet(D), \A x \in D : f[x] \in Nat
  PROVE  SumFunctionOnSet(f, D) \in Nat

THEOREM SumFunctionOnSetInt ==
  ASSUME NEW f, NEW D, IsFiniteSet(D), \A x \in D : f[x] \in Int
  PROVE  SumFunctionOnSet(f, D) \in Int

THEOREM SumFunctionOnSetEqual ==
  ASSUME NEW f, NEW g, NEW D, IsFiniteSet(D), \A x \in D : g[x] = f[x]
  PROVE  SumFunctionOnSet(g, D) = SumFunctionOnSet(f, D)

THEOREM SumFunctionOnSetNonempty ==
  ASSUME NEW f, NEW D, IsFiniteSet(D), \A y \in D : f[y] \in Int, NEW x \in D
  PROVE  f[x] + SumFunctionOnSet(f, D \ {x}) = SumFunctionOnSet(f, D)

THEOREM SumFunctionOnSetAddIndex ==
  ASSUME NEW f, NEW D, IsFiniteSet(D), NEW x, x \notin D,
         \A y \in D \cup {x} : f[y] \in Int
  PROVE  f[x] + SumFunctionOnSet(f, D) = SumFunctionOnSet(f, D \cup {x})

THEOREM SumFunctionOnSetRemoveIndex ==
  ASSUME NEW f, NEW D, IsFiniteSet(D), \A y \in D : f[y] \in Int, NEW x \in D
  PROVE  SumFunctionOnSet(f, D) - f[x] = SumFunctionOnSet(f, D \ {x})

THEOREM SumFunctionOnSetExcept ==
  ASSUME NEW f, NEW D \in SUBSET DOMAIN f, IsFiniteSet(D), \A y \in D : f[y] \in Int,
         NEW x, NEW v \in Int
  PROVE  SumFunctionOnSet([f EXCEPT ![x] = v], D) =
           IF x \notin D THEN SumFunctionOnSet(f, D)
                         ELSE (SumFunctionOnSet(f, D) - f[x]) + v

THEOREM SumFunctionOnSetDisjointUnion ==
  ASSUME NEW S, IsFiniteSet(S), NEW T, IsFiniteSet(T), S \cap T = {},
         NEW f, \A x \in S \cup T : f[x] \in Int
  PROVE  SumFunctionOnSet(f, S) + SumFunctionOnSet(f, T)
           = SumFunctionOnSet(f, S \cup T)

THEOREM SumFunctionNatOnSubset ==
  ASSUME NEW S, IsFiniteSet(S), NEW T \in SUBSET S,
         NEW f, \A x \in S : f[x] \in Nat
  PROVE  SumFunctionOnSet(f, S) >= SumFunctionOnSet(f, T)

THEOREM SumFunctionOnSetZero ==
  ASSUME NEW S, IsFiniteSet(S), NEW f, \A x \in S : f[x] \in Nat
  PROVE  (\A x \in S : f[x] = 0) <=> SumFunctionOnSet(f, S) = 0

THEOREM SumFunctionOnSetConst ==
  ASSUME NEW D, NEW f \in [D -> Int], NEW S \in SUBSET D, IsFiniteSet(S),
         NEW c \in Int, \A x \in S : c = f[x]
  PROVE  SumFunctionOnSet(f, S) = Cardinality(S) * c

THEOREM SumFunctionOnSetMonotonic ==
  ASSUME NEW S, IsFiniteSet(S),
         NEW f, \A x \in S : f[x] \in Int, NEW g, \A x \in S : g[x] \in Int,
         \A x \in S : g[x] >= f[x]
  PROVE  SumFunctionOnSet(g, S) >= SumFunctionOnSet(f, S)

THEOREM SumFunctionOnSetStrictlyMonotonic ==
  ASSUME NEW S, IsFiniteSet(S),
         NEW f, \A x \in S : f[x] \in Int, NEW g, \A x \in S : g[x] \in Int,
         \A x \in S : g[x] >= f[x], \E x \in S : g[x] > f[x]
  PROVE  SumFunctionOnSet(g, S) > SumFunctionOnSet(f, S)

(***************************************************************************)
(* Sums of all values.                                                     *)
(***************************************************************************)
THEOREM SumFunctionEmpty ==
  ASSUME NEW f, DOMAIN f = {}
  PROVE  0 = SumFunction(f)

THEOREM SumFunctionNat ==
  ASSUME NEW f, IsFiniteSet(DOMAIN f), \A x \in DOMAIN f : f[x] \in Nat
  PROVE  SumFunction(f) \in Nat

THEOREM SumFunctionInt ==
  ASSUME NEW f, IsFiniteSet(DOMAIN f), \A x \in DOMAIN f : f[x] \in Int
  PROVE  SumFunction(f) \in Int

THEOREM SumFunctionNonempty ==
  ASSUME NEW f, IsFiniteSet(DOMAIN f), \A y \in DOMAIN f : f[y] \in Int,
         NEW x \in DOMAIN f
  PROVE  f[x] + SumFunctionOnSet(f, DOMAIN f \ {x}) = SumFunction(f)

THEOREM SumFunctionExcept ==
  ASSUME NEW f, IsFiniteSet(DOMAIN f), \A y \in DOMAIN f : f[y] \in Int,
         NEW x, NEW v \in Int
  PROVE  SumFunction([f EXCEPT ![x] = v]) =
           IF x \notin DOMAIN f THEN SumFunction(f) ELSE (SumFunction(f) - f[x]) + v

THEOREM SumFunctionZero ==
  ASSUME NEW f, IsFiniteSet(DOMAIN f), \A x \in DOMAIN f : f[x] \in Nat
  PROVE  (\A x \in DOMAIN f : f[x] = 0) <=> SumFunction(f) = 0

THEOREM SumFunctionConst ==
  ASSUME NEW S, IsFiniteSet(S), NEW c \in Int
  PROVE  SumFunction([x \in S |-> c]) = Cardinality(S) * c

THEOREM SumFunctionMonotonic ==
  ASSUME NEW f, NEW g, IsFiniteSet(DOMAIN f), DOMAIN f = DOMAIN g,
         \A x \in DOMAIN f : f[x] \in Int /\ g[x] \in Int,
         \A x \in DOMAIN f : g[x] >= f[x]
  PROVE  SumFunction(g) >= SumFunction(f)

THEOREM SumFunctionStrictlyMonotonic ==
  ASSUME NEW f, NEW g, IsFiniteSet(DOMAIN f), DOMAIN f = DOMAIN g,
         \A x \in DOMAIN f : f[x] \in Int /\ g[x] \in Int,
         \A x \in DOMAIN f : g[x] >= f[x], \E x \in DOMAIN f : g[x] > f[x]
  PROVE  SumFunction(g) > SumFunction(f)
=============================================================================
