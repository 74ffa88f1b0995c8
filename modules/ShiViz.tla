------------------------------- MODULE ShiViz -------------------------------
(***************************************************************************)
(* Vector clocks computed from an error trace of a PlusCal algorithm, for  *)
(* the viewer ShiViz.  The process that takes a step is the one whose pc   *)
(* changes.                                                                *)
(***************************************************************************)
LOCAL INSTANCE Integers
LOCAL INSTANCE Json
LOCAL INSTANCE TLC
INSTANCE Toolbox
-----------------------------------------------------------------------------
LOCAL Moved(i) ==
  LET before == _TETrace[i - 1].pc
      after == _TETrace[i].pc
  IN  {p \in DOMAIN before : before[p] # after[p]}

(***************************************************************************)
(* The process that took the step into a state, or the step before if the  *)
(* pc did not change; no process took the first one.                       *)
(***************************************************************************)
LOCAL Hosts ==
  LET At[i \in DOMAIN _TETrace] ==
        CASE i = 1 -> "--"
          [] i # 1 /\ _TETrace[i - 1].pc = _TETrace[i].pc -> At[i - 1]
          [] OTHER -> CHOOSE p \in Moved(i) : TRUE
  IN  TLCEval(At)

Host == Hosts[_TEPosition]
-----------------------------------------------------------------------------
(***************************************************************************)
(* How many steps each process has taken.                                  *)
(***************************************************************************)
LOCAL Clocks ==
  LET At[i \in DOMAIN _TETrace] ==
        LET before == TLCEval(At[i - 1])
            Ticks(p) == IF Hosts[i] = p THEN 1 ELSE 0
        IN  IF i = 1
            THEN [p \in DOMAIN _TETrace[1].pc |-> 0]
            ELSE [p \in DOMAIN before |-> before[p] + Ticks(p)]
  IN  TLCEval(At)

Clock == ToJsonObject(Clocks[_TEPosition])
=============================================================================
