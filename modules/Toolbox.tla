------------------------------ MODULE Toolbox -------------------------------
(***************************************************************************)
(* The error trace under exploration, for modules that compute something   *)
(* from it, such as ShiViz.                                                *)
(***************************************************************************)
LOCAL INSTANCE Naturals
LOCAL INSTANCE FiniteSets
LOCAL INSTANCE TLC
-----------------------------------------------------------------------------
(***************************************************************************)
(* The states of the trace in their order.  To be replaced by the trace,   *)
(* in a configuration: _TETrace <- MyTrace.                                *)
(***************************************************************************)
_TETrace == CHOOSE trace \in [Nat \ {0} -> STRING] : TRUE

LOCAL Last == Cardinality(DOMAIN _TETrace)

(***************************************************************************)
(* The place of the present state in it.                                   *)
(***************************************************************************)
_TEPosition ==
  CASE TLCGet("level") >= Last -> Last
    [] TLCGet("level") = 0 -> 1
    [] OTHER -> TLCGet("level")
=============================================================================
