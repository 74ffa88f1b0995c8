----------------------- MODULE DifferentialEquations ------------------------
(***************************************************************************)
(* Solutions of ordinary differential equations, after section 9.5 of      *)
(* "Specifying Systems".  They are functions on the reals, so this is for  *)
(* reading and proving only.                                               *)
(***************************************************************************)
LOCAL INSTANCE Reals
LOCAL INSTANCE Sequences

LOCAL Positive == {r \in Real : 0 < r}
LOCAL Open(a, b) == {r \in Real : a < r /\ r < b}
LOCAL Around(r, radius) == Open(r - radius, r + radius)

(***************************************************************************)
(* df is the derivative of f: the slopes near r come as close to df[r] as  *)
(* one likes.                                                              *)
(***************************************************************************)
LOCAL IsSlope(df, f) ==
  LET Slope(r, s) == (f[s] - f[r]) / (s - r)
  IN  /\ df \in [DOMAIN f -> Real]
      /\ \A r \in DOMAIN f : \A e \in Positive : \E d \in Positive :
           \A s \in Around(r, d) \ {r} : Slope(r, s) \in Around(df[r], e)

(***************************************************************************)
(* df is the n-th derivative of f.                                         *)
(***************************************************************************)
LOCAL IsDerivative(n, df, f) ==
  LET functions == [DOMAIN f -> Real]
      Is[k \in 0..n, g \in functions] ==
        IF k = 0 THEN g = f ELSE \E h \in functions : Is[k - 1, h] /\ IsSlope(g, h)
  IN  Is[n, df]
-----------------------------------------------------------------------------
(***************************************************************************)
(* The values at b of f and its first n-1 derivatives, if their values at  *)
(* a are InitVals and f solves                                             *)
(*     D[<<t, f, first derivative of f, ..., n-th derivative of f>>] = 0   *)
(* on an open interval around a..b.                                        *)
(***************************************************************************)
Integrate(D, a, b, InitVals) ==
  LET n == Len(InitVals)
      Solves(g, times) ==
        /\ g \in [0..n -> [times -> Real]]
        /\ \A k \in 1..n : IsDerivative(k, g[k], g[0]) /\ g[k - 1][a] = InitVals[k]
        /\ \A t \in times : D[<<t>> \o [k \in 1..(n + 1) |-> g[k - 1][t]]] = 0
      solution == CHOOSE g : \E e \in Positive : Solves(g, Open(a - e, b + e))
  IN  [k \in 1..n |-> solution[k - 1][b]]
=============================================================================
