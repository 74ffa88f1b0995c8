------------------------------ MODULE Integers ------------------------------
(***************************************************************************)
(* The integers: what module Naturals has, the set Int and the unary       *)
(* minus.  Both are native; so is everything inherited from Naturals,      *)
(* whose operators accept negative numbers as well.                        *)
(***************************************************************************)
EXTENDS Naturals

Int == CHOOSE I : TRUE

-. a == 0 - a
=============================================================================
