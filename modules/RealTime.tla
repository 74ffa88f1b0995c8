------------------------------ MODULE RealTime ------------------------------
(***************************************************************************)
(* Bounds on the time that actions take, after chapter 9 of "Specifying    *)
(* Systems".  Only for reading and proving: the reals cannot be            *)
(* enumerated, and the bound is a hidden variable.                         *)
(***************************************************************************)
EXTENDS Reals
VARIABLE now

(***************************************************************************)
(* Between two steps of A (or since A became enabled), at least D and at   *)
(* most E time units pass, v being the variables of the system.            *)
(***************************************************************************)
RTBound(A, v, D, E) ==
  LET Restarted == <<A>>_v \/ ~(ENABLED <<A>>_v)'
      Tick(clock) == clock' = IF Restarted THEN 0 ELSE clock + (now' - now)
      Runs(clock) == clock = 0 /\ [][Tick(clock)]_<<clock, v, now>>
      NotTooSoon(clock) == [][A => clock \geq D]_v
      NotTooLate(clock) == [](clock \leq E)
  IN  \EE clock : Runs(clock) /\ NotTooLate(clock) /\ NotTooSoon(clock)
-----------------------------------------------------------------------------
(***************************************************************************)
(* Time only grows, beyond every bound, and in steps that leave v alone.   *)
(***************************************************************************)
RTnow(v) ==
  LET Passes == now' \in {r \in Real : now < r} /\ UNCHANGED v
  IN  /\ now \in Real
      /\ [][Passes]_now
      /\ \A r \in Real : WF_now(Passes /\ now' > r)
=============================================================================
