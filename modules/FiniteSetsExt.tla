--------------------------- MODULE FiniteSetsExt ----------------------------
(***************************************************************************)
(* More operators on finite sets.  Native are FoldSet, Quantify and        *)
(* kSubset.                                                                *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, Folds, Functions

(***************************************************************************)
(* The elements combined:  op(x, op(y, ... op(z, base))).  Only an         *)
(* associative and commutative op gives a result that does not depend on   *)
(* the order, in which z is the first element.  ReduceSet is an older name *)
(* with the arguments in another order.                                    *)
(***************************************************************************)
FoldSet(op(_, _), base, set) ==
  LET RECURSIVE From(_, _)
      From(T, acc) ==
        LET x == CHOOSE y \in T : TRUE
        IN  IF T = {} THEN acc ELSE From(T \ {x}, op(x, acc))
  IN  From(set, base)

ReduceSet(op(_, _), set, acc) == FoldSet(op, acc, set)

SumSet(set) == FoldSet(LAMBDA x, sum : x + sum, 0, set)
ProductSet(set) == FoldSet(LAMBDA x, product : x * product, 1, set)

(***************************************************************************)
(* The sum of the op(x), counting equal ones as often as they occur.       *)
(***************************************************************************)
MapThenSumSet(op(_), set) ==
  MapThenFoldSet(LAMBDA n, sum : n + sum, 0, op, LAMBDA T : CHOOSE x \in T : TRUE, set)
-----------------------------------------------------------------------------
FlattenSet(S) == UNION S

(***************************************************************************)
(* What belongs to one of the two sets but not to the other.               *)
(***************************************************************************)
SymDiff(A, B) == (A \ B) \cup (B \ A)

(***************************************************************************)
(* How many elements of S satisfy P.                                       *)
(***************************************************************************)
Quantify(S, P(_)) == Cardinality({x \in S : P(x)})

(***************************************************************************)
(* The subsets of S with k elements.                                       *)
(***************************************************************************)
kSubset(k, S) == {T \in SUBSET S : Cardinality(T) = k}

(***************************************************************************)
(* The greatest and the least number of a set; the empty set has none.     *)
(***************************************************************************)
Max(S) == CHOOSE top \in S : \A x \in S : top >= x
Min(S) == CHOOSE bottom \in S : \A x \in S : bottom <= x

(***************************************************************************)
(* The sets that come about by taking one element of each set in Sets.     *)
(***************************************************************************)
Choices(Sets) ==
  {Range(pick) : pick \in {f \in [Sets -> UNION Sets] : \A T \in Sets : f[T] \in T}}

(***************************************************************************)
(* The one element that satisfies P; an error if there are more.           *)
(***************************************************************************)
ChooseUnique(S, P(_)) == CHOOSE x \in S : P(x) /\ (\A y \in S : P(y) => x = y)
=============================================================================
