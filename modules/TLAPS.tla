------------------------------- MODULE TLAPS --------------------------------
(***************************************************************************)
(* The names by which a proof addresses the provers of TLAPS, the proof    *)
(* system of TLA+.  To a model checker, which skips proofs, they mean      *)
(* nothing; as formulas they are TRUE, so that citing them is sound.       *)
(***************************************************************************)

(***************************************************************************)
(* Solvers for arithmetic and sets.  A name that ends in a T of its own    *)
(* takes a time limit in seconds, or, as a string such as "r5", a limit on *)
(* the resources the solver spends.                                        *)
(***************************************************************************)
SMT == TRUE
SMTT(limit) == TRUE
Z3 == TRUE
Z3T(limit) == TRUE
CVC4 == TRUE
CVC4T(limit) == TRUE
CVC3 == TRUE
CVC3T(limit) == TRUE
Yices == TRUE
YicesT(limit) == TRUE
veriT == TRUE
veriTT(limit) == TRUE
SimpleArithmetic == TRUE
-----------------------------------------------------------------------------
(***************************************************************************)
(* Provers for first-order logic.                                          *)
(***************************************************************************)
Zenon == TRUE
ZenonT(limit) == TRUE
SlowZenon == TRUE
SlowerZenon == TRUE
VerySlowZenon == TRUE
SlowestZenon == TRUE
Zipper == TRUE
ZipperT(limit) == TRUE
Spass == TRUE
SpassT(limit) == TRUE
-----------------------------------------------------------------------------
(***************************************************************************)
(* Propositional temporal logic.                                           *)
(***************************************************************************)
PTL == TRUE
LS4 == TRUE
LS4T(limit) == TRUE
-----------------------------------------------------------------------------
(***************************************************************************)
(* Isabelle, with a time limit, a tactic, or both; and its tactics by      *)
(* name, each in four degrees of patience.                                 *)
(***************************************************************************)
Isa == TRUE
IsaT(limit) == TRUE
IsaM(tactic) == TRUE
IsaMT(tactic, limit) == TRUE
IsaWithSetExtensionality == TRUE

Auto == TRUE
SlowAuto == TRUE
SlowerAuto == TRUE
SlowestAuto == TRUE

Force == TRUE
SlowForce == TRUE
SlowerForce == TRUE
SlowestForce == TRUE

Blast == TRUE
SlowBlast == TRUE
SlowerBlast == TRUE
SlowestBlast == TRUE
AutoBlast == TRUE

Simplification == TRUE
SlowSimplification == TRUE
SlowerSimplification == TRUE
SlowestSimplification == TRUE

SimplifyAndSolve == TRUE
SlowSimplifyAndSolve == TRUE
SlowerSimplifyAndSolve == TRUE
SlowestSimplifyAndSolve == TRUE
-----------------------------------------------------------------------------
(***************************************************************************)
(* One prover after the other: all, the solvers, the tactics of Isabelle.  *)
(***************************************************************************)
AllProvers == TRUE
AllProversT(limit) == TRUE
AllSMT == TRUE
AllSMTT(limit) == TRUE
AllIsa == TRUE
AllIsaT(limit) == TRUE
-----------------------------------------------------------------------------
(***************************************************************************)
(* What to do with ENABLED and with \cdot before a prover is asked.        *)
(***************************************************************************)
ExpandENABLED == TRUE
ExpandCdot == TRUE
AutoUSE == TRUE
Lambdify == TRUE
ENABLEDaxioms == TRUE
LevelComparison == TRUE
Trivial == TRUE

(***************************************************************************)
(* Used by the proof system for formulas on their way to a prover.         *)
(***************************************************************************)
EnabledWrapper(Op(_)) == FALSE
CdotWrapper(Op(_)) == FALSE
-----------------------------------------------------------------------------
(***************************************************************************)
(* Two facts of set theory that not every prover knows.                    *)
(***************************************************************************)
THEOREM SetExtensionality ==
  ASSUME NEW S, NEW T, \A x : x \in S <=> x \in T
  PROVE  S = T

THEOREM NoSetContainsEverything ==
  ASSUME NEW S
  PROVE  \E outside : outside \notin S
=============================================================================
