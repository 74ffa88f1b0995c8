----------------------------- MODULE Functions ------------------------------
(***************************************************************************)
(* Operators on functions.  Native are AntiFunction, IsInjective,          *)
(* FoldFunction and FoldFunctionOnSet.                                     *)
(***************************************************************************)
EXTENDS Integers, Folds

(***************************************************************************)
(* f on a smaller domain: on S, on the arguments that pass the test, on    *)
(* the arguments whose values pass it.                                     *)
(***************************************************************************)
Restrict(f, S) == [x \in S |-> f[x]]
RestrictDomain(f, Test(_)) == [x \in {y \in DOMAIN f : Test(y)} |-> f[x]]
RestrictValues(f, Test(_)) == [x \in {y \in DOMAIN f : Test(f[y])} |-> f[x]]

IsRestriction(narrow, wide) ==
  /\ DOMAIN narrow \subseteq DOMAIN wide
  /\ \A x \in DOMAIN narrow : wide[x] = narrow[x]

(***************************************************************************)
(* The values of f.                                                        *)
(***************************************************************************)
Range(f) == {f[x] : x \in DOMAIN f}

(***************************************************************************)
(* T applied to the values of f and g, argument by argument.               *)
(***************************************************************************)
Pointwise(f, g, T(_, _)) == [x \in DOMAIN f |-> T(f[x], g[x])]

(***************************************************************************)
(* A function from T back to S: t goes to an element of S that f maps to   *)
(* t, or to any element of S if f has no value t at all.  AntiFunction is  *)
(* the inverse on the values of f.                                         *)
(***************************************************************************)
Inverse(f, S, T) ==
  LET values == Range(f)
  IN  [t \in T |-> CHOOSE s \in S : t \notin values \/ f[s] = t]

AntiFunction(f) == Inverse(f, DOMAIN f, Range(f))

(***************************************************************************)
(* No value comes from two arguments.                                      *)
(***************************************************************************)
IsInjective(f) == \A x \in DOMAIN f : \A y \in DOMAIN f : x # y => f[x] # f[y]

(***************************************************************************)
(* The one-to-one functions from S to T, the functions from S onto T, and  *)
(* those that are both.                                                    *)
(***************************************************************************)
Injection(S, T) == {f \in [S -> T] : IsInjective(f)}
Surjection(S, T) == {f \in [S -> T] : \A t \in T : \E s \in S : f[s] = t}
Bijection(S, T) == Injection(S, T) \cap Surjection(S, T)

ExistsInjection(S, T) == Injection(S, T) # {}
ExistsSurjection(S, T) == Surjection(S, T) # {}
ExistsBijection(S, T) == Bijection(S, T) # {}
-----------------------------------------------------------------------------
(***************************************************************************)
(* The values of fun (at indices) combined:                                *)
(*     op(fun[i], op(fun[j], ... op(fun[k], base)))                        *)
(* Only an associative and commutative op gives a result that does not     *)
(* depend on the order, in which k is the first index.                     *)
(***************************************************************************)
FoldFunctionOnSet(op(_, _), base, fun, indices) ==
  LET RECURSIVE From(_, _)
      From(T, acc) ==
        LET i == CHOOSE j \in T : TRUE
        IN  IF T = {} THEN acc ELSE From(T \ {i}, op(fun[i], acc))
  IN  From(indices, base)

FoldFunction(op(_, _), base, fun) == FoldFunctionOnSet(op, base, fun, DOMAIN fun)

SumFunctionOnSet(fun, indices) == FoldFunctionOnSet(+, 0, fun, indices)
SumFunction(fun) == SumFunctionOnSet(fun, DOMAIN fun)
=============================================================================
