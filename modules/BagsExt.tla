------------------------------ MODULE BagsExt -------------------------------
(***************************************************************************)
(* More operators on bags.  Native is FoldBag.                             *)
(***************************************************************************)
LOCAL INSTANCE Bags
LOCAL INSTANCE Integers
LOCAL INSTANCE Folds

(***************************************************************************)
(* One copy of x more, one copy less, none at all.  Taking x away from a   *)
(* bag without x changes nothing.                                          *)
(***************************************************************************)
BagAdd(B, x) == [y \in DOMAIN B \cup {x} |-> CopiesIn(y, B) + (IF y = x THEN 1 ELSE 0)]

BagRemoveAll(B, x) == [y \in DOMAIN B \ {x} |-> B[y]]

BagRemove(B, x) ==
  CASE x \notin DOMAIN B -> B
    [] x \in DOMAIN B /\ B[x] = 1 -> BagRemoveAll(B, x)
    [] OTHER -> [B EXCEPT ![x] = @ - 1]

(***************************************************************************)
(* op over the f(x) of all copies, beginning with base for each element x: *)
(*     handled(x) = op(... op(op(base, f(x)), f(x)) ..., f(x))             *)
(* and once more where the handled elements are combined.  base should     *)
(* therefore be neutral.  choose is not used.                              *)
(***************************************************************************)
MapThenFoldBag(op(_, _), base, f(_), choose(_), B) ==
  LET Handled(x) ==
        LET Upto[n \in 0..B[x]] == IF n = 0 THEN base ELSE op(Upto[n - 1], f(x))
        IN  Upto[B[x]]
  IN  MapThenFoldSet(op, base, Handled, LAMBDA T : CHOOSE x \in T : TRUE, DOMAIN B)

(***************************************************************************)
(* The elements themselves combined, each as often as it has copies, and   *)
(* base once:  op(... op(op(base, x), x) ..., z), beginning with the first *)
(* element.                                                                *)
(***************************************************************************)
FoldBag(op(_, _), base, B) ==
  LET Copies(x, acc) ==
        LET Upto[n \in 0..B[x]] == IF n = 0 THEN acc ELSE op(Upto[n - 1], x)
        IN  Upto[B[x]]
      RECURSIVE From(_, _)
      From(T, acc) ==
        LET x == CHOOSE y \in T : TRUE
        IN  IF T = {} THEN acc ELSE From(T \ {x}, Copies(x, acc))
  IN  From(DOMAIN B, base)

SumBag(B) == FoldBag(LAMBDA sum, n : sum + n, 0, B)
ProductBag(B) == FoldBag(LAMBDA product, n : product * n, 1, B)
=============================================================================
