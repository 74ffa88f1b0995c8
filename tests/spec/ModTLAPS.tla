----------------------------- MODULE ModTLAPS ------------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* The pragmas of the proof system are TRUE to a model checker, and proofs are skipped.
EXTENDS TLAPS, Integers

ASSUME SMT /\ SMTT(3) /\ Z3 /\ Z3T(3) /\ CVC4 /\ CVC4T(3) /\ CVC3 /\ CVC3T(3)
ASSUME Yices /\ YicesT(3) /\ veriT /\ veriTT(3) /\ SimpleArithmetic
ASSUME Zenon /\ ZenonT(3) /\ SlowZenon /\ SlowerZenon /\ VerySlowZenon /\ SlowestZenon
ASSUME Zipper /\ ZipperT(3) /\ Spass /\ SpassT(3) /\ PTL /\ LS4 /\ LS4T(3)
ASSUME Isa /\ IsaT(3) /\ IsaM("auto") /\ IsaMT("auto", 3) /\ IsaWithSetExtensionality
ASSUME Auto /\ SlowAuto /\ SlowerAuto /\ SlowestAuto
ASSUME Force /\ SlowForce /\ SlowerForce /\ SlowestForce
ASSUME Blast /\ SlowBlast /\ SlowerBlast /\ SlowestBlast /\ AutoBlast
ASSUME Simplification /\ SlowSimplification /\ SlowerSimplification /\ SlowestSimplification
ASSUME SimplifyAndSolve /\ SlowSimplifyAndSolve /\ SlowerSimplifyAndSolve /\ SlowestSimplifyAndSolve
ASSUME AllProvers /\ AllProversT(3) /\ AllSMT /\ AllSMTT(3) /\ AllIsa /\ AllIsaT(3)
ASSUME ExpandENABLED /\ ExpandCdot /\ AutoUSE /\ Lambdify /\ ENABLEDaxioms
ASSUME LevelComparison /\ Trivial
ASSUME ~EnabledWrapper(LAMBDA x : x) /\ ~CdotWrapper(LAMBDA x : x)

THEOREM Sum == \A a, b \in Int : a + b = b + a
<1>1. SUFFICES ASSUME NEW a \in Int, NEW b \in Int PROVE a + b = b + a
  OBVIOUS
<1>2. QED BY SMT, Isa
=============================================================================
