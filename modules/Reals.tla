------------------------------- MODULE Reals --------------------------------
(***************************************************************************)
(* The real numbers.  A model checker has integers only: specifications    *)
(* may mention what is defined here, but evaluating it is an error.        *)
(***************************************************************************)
EXTENDS Integers

Real == CHOOSE R : TRUE

a / b == CHOOSE q \in Real : q * b = a

(***************************************************************************)
(* A value above every real number and not itself a real number.           *)
(***************************************************************************)
Infinity == CHOOSE top : top \notin Real /\ \A r \in Real : r < top
=============================================================================
