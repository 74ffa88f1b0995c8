-------------------------- MODULE NaturalsInduction -------------------------
(***************************************************************************)
(* Proof by induction on the naturals, and functions that are defined by   *)
(* recursion on them.  The theorems are stated for proofs to cite.         *)
(***************************************************************************)
EXTENDS Integers

(***************************************************************************)
(* From zero upwards, from m downwards, from all smaller numbers; and the  *)
(* least number with a property.                                           *)
(***************************************************************************)
THEOREM NatInduction ==
  ASSUME NEW P(_),
         P(0),
         ASSUME NEW k \in Nat, P(k) PROVE P(k + 1)
  PROVE  \A k \in Nat : P(k)

THEOREM DownwardNatInduction ==
  ASSUME NEW P(_), NEW top \in Nat,
         P(top),
         ASSUME NEW k \in 1..top, P(k) PROVE P(k - 1)
  PROVE  P(0)

THEOREM GeneralNatInduction ==
  ASSUME NEW P(_),
         ASSUME NEW k \in Nat, \A j \in 0..(k - 1) : P(j) PROVE P(k)
  PROVE  \A k \in Nat : P(k)

THEOREM SmallestNatural ==
  ASSUME NEW P(_), NEW some \in Nat, P(some)
  PROVE  \E least \in Nat : P(least) /\ ~\E k \in 0..(least - 1) : P(k)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Recursion on all smaller numbers.  If Def(g, k) looks at g for          *)
(* arguments below k only, there is one function f with f[k] = Def(f, k).  *)
(***************************************************************************)
THEOREM RecursiveFcnOfNat ==
  ASSUME NEW Def(_, _),
         ASSUME NEW k \in Nat, NEW g, NEW h, \A j \in 0..(k - 1) : g[j] = h[j]
         PROVE  Def(g, k) = Def(h, k)
  PROVE  LET f[k \in Nat] == Def(f, k)
         IN  f = [k \in Nat |-> Def(f, k)]

THEOREM RecursiveFcnOfNatType ==
  ASSUME NEW Def(_, _), NEW f, NEW T,
         f = [k \in Nat |-> Def(f, k)],
         ASSUME NEW k \in Nat, NEW g, \A j \in 0..(k - 1) : g[j] \in T
         PROVE  Def(g, k) \in T
  PROVE  f \in [Nat -> T]

THEOREM RecursiveFcnOfNatUnique ==
  ASSUME NEW Def(_, _), NEW f1, NEW f2,
         f1 = [k \in Nat |-> Def(f1, k)],
         f2 = [k \in Nat |-> Def(f2, k)],
         ASSUME NEW k \in Nat, NEW g, NEW h, \A j \in 0..(k - 1) : g[j] = h[j]
         PROVE  Def(g, k) = Def(h, k)
  PROVE  f1 = f2
-----------------------------------------------------------------------------
(***************************************************************************)
(* Recursion on the predecessor.  The hypothesis is what                   *)
(*     f[k \in Nat] == IF k = 0 THEN f0 ELSE Def(f[k-1], k)                *)
(* defines; the conclusion is the equation that one wants to use.          *)
(***************************************************************************)
NatInductiveDefHypothesis(f, f0, Def(_, _)) ==
  f = CHOOSE g : g = [k \in Nat |-> IF k = 0 THEN f0 ELSE Def(g[k - 1], k)]

NatInductiveDefConclusion(f, f0, Def(_, _)) ==
  f = [k \in Nat |-> IF k = 0 THEN f0 ELSE Def(f[k - 1], k)]

THEOREM NatInductiveDef ==
  ASSUME NEW f, NEW f0, NEW Def(_, _), NatInductiveDefHypothesis(f, f0, Def)
  PROVE  NatInductiveDefConclusion(f, f0, Def)

THEOREM NatInductiveDefType ==
  ASSUME NEW f, NEW T, NEW f0 \in T, NEW Def(_, _),
         NatInductiveDefConclusion(f, f0, Def),
         \A v \in T : \A k \in Nat \ {0} : Def(v, k) \in T
  PROVE  f \in [Nat -> T]

THEOREM NatInductiveUnique ==
  ASSUME NEW f1, NEW f2, NEW f0, NEW Def(_, _),
         NatInductiveDefConclusion(f1, f0, Def),
         NatInductiveDefConclusion(f2, f0, Def)
  PROVE  f1 = f2
-----------------------------------------------------------------------------
(***************************************************************************)
(* The same on an interval m..n, where f[m] = c.                           *)
(***************************************************************************)
FiniteNatInductiveDefHypothesis(f, c, Def(_, _), m, n) ==
  f = CHOOSE g : g = [k \in m..n |-> IF k = m THEN c ELSE Def(g[k - 1], k)]

FiniteNatInductiveDefConclusion(f, c, Def(_, _), m, n) ==
  f = [k \in m..n |-> IF k = m THEN c ELSE Def(f[k - 1], k)]

THEOREM FiniteNatInductiveDef ==
  ASSUME NEW m \in Nat, NEW n \in Nat, NEW f, NEW c, NEW Def(_, _),
         FiniteNatInductiveDefHypothesis(f, c, Def, m, n)
  PROVE  FiniteNatInductiveDefConclusion(f, c, Def, m, n)

THEOREM FiniteNatInductiveDefType ==
  ASSUME NEW m \in Nat, NEW n \in Nat, NEW f, NEW T, NEW c \in T, NEW Def(_, _),
         FiniteNatInductiveDefConclusion(f, c, Def, m, n),
         \A v \in T : \A k \in (m + 1)..n : Def(v, k) \in T
  PROVE  f \in [m..n -> T]

THEOREM FiniteNatInductiveUnique ==
  ASSUME NEW m \in Nat, NEW n \in Nat, NEW f1, NEW f2, NEW c, NEW Def(_, _),
         FiniteNatInductiveDefConclusion(f1, c, Def, m, n),
         FiniteNatInductiveDefConclusion(f2, c, Def, m, n)
  PROVE  f1 = f2
=============================================================================
