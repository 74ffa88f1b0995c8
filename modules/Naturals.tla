------------------------------ MODULE Naturals ------------------------------
(***************************************************************************)
(* The natural numbers and their arithmetic.                               *)
(*                                                                         *)
(* Arithmetic has no definition in TLA+ that a program could compute, so   *)
(* every operator below is native.  What stands on the right of `=='       *)
(* fixes the number of parameters and the level, nothing else: Kernel is   *)
(* an unbounded choice, which no evaluator can carry out.  A native that   *)
(* were missing would therefore be an error and never a wrong number.      *)
(*                                                                         *)
(* The natives accept all integers (and, where a tool has them, reals), so *)
(* module Integers need only add Int and the unary minus.                  *)
(***************************************************************************)
LOCAL Kernel(x, y) == CHOOSE v : v = <<x, y>>

Nat == CHOOSE N : TRUE

a + b == Kernel(a, b)
a - b == CHOOSE d : d + b = a
a * b == Kernel(a, b)
a ^ b == Kernel(a, b)

a \leq b == \E d \in Nat : a + d = b
a \geq b == b \leq a
a < b == a \leq b /\ a # b
a > b == b < a

(***************************************************************************)
(* The interval from a to b, both included; empty if b < a.                *)
(***************************************************************************)
a .. b == {n \in Kernel(a, b) : a \leq n /\ n \leq b}

(***************************************************************************)
(* Division rounds down, and the remainder lies in 0 .. b-1; b must be     *)
(* positive.  Together they satisfy  a = b * (a \div b) + (a % b).         *)
(***************************************************************************)
a \div b == CHOOSE q : b * q \leq a /\ a < b * (q + 1)
a % b == a - b * (a \div b)
=============================================================================
