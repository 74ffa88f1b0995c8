----------------------------- MODULE Statistics -----------------------------
(***************************************************************************)
(* Tests of measured against expected frequencies.  Native.                *)
(***************************************************************************)
EXTENDS Naturals

(***************************************************************************)
(* Whether the counts in actual may come from the distribution expected:   *)
(* TRUE unless the chi-square test rejects it at the level alpha, a string *)
(* such as "0.05".  Both are functions from the classes to numbers.        *)
(***************************************************************************)
ChiSquare(expected, actual, alpha) == CHOOSE accepted : accepted \in BOOLEAN
=============================================================================
