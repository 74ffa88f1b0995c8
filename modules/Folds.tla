------------------------------- MODULE Folds --------------------------------
(***************************************************************************)
(* The fold from which those over functions, sets, bags and sequences are  *)
(* made.                                                                   *)
(*                                                                         *)
(* choose picks an element x of S, which is dealt with last:               *)
(*     op(f(x), fold of the other elements)                                *)
(* and the fold of the empty set is base.                                  *)
(***************************************************************************)
MapThenFoldSet(op(_, _), base, f(_), choose(_), S) ==
  LET Fold[T \in SUBSET S] ==
        LET x == choose(T)
        IN  IF T = {} THEN base ELSE op(f(x), Fold[T \ {x}])
  IN  Fold[S]
=============================================================================
