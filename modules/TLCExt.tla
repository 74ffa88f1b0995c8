------------------------------- MODULE TLCExt -------------------------------
(***************************************************************************)
(* Further operators through which a specification talks to the model      *)
(* checker.  All are native but AssertEq and TLCGetAndSet; those that have *)
(* no definition in TLA+ stand as unbounded choices.                       *)
(***************************************************************************)
LOCAL INSTANCE TLC
LOCAL INSTANCE Integers
-----------------------------------------------------------------------------
(***************************************************************************)
(* a = b, and a report of the two values if they differ.                   *)
(***************************************************************************)
AssertEq(a, b) ==
  IF a = b
  THEN TRUE
  ELSE /\ PrintT("Assertion failed")
       /\ PrintT(a)
       /\ PrintT(b)
       /\ FALSE

(***************************************************************************)
(* Whether evaluating exp fails, and with err as the text of the error.    *)
(***************************************************************************)
AssertError(err, exp) ==
  LET Fails(e) == CHOOSE b : b \in BOOLEAN
      text == CHOOSE t : t \in STRING
  IN  Fails(exp) /\ text = err
-----------------------------------------------------------------------------
(***************************************************************************)
(* The register of that name, or a default if it was never set; and the    *)
(* same together with an update by Op(old value, val).  The value of       *)
(* TLCGetAndSet is the one before the update.                              *)
(***************************************************************************)
TLCGetOrDefault(key, defaultVal) == CHOOSE stored : TRUE

TLCGetAndSet(key, Op(_, _), val, defaultVal) ==
  CHOOSE old \in {TLCGetOrDefault(key, defaultVal)} : TLCSet(key, Op(old, val))
-----------------------------------------------------------------------------
(***************************************************************************)
(* The states from an initial one to the present one, as a sequence of     *)
(* records with a field for each variable.                                 *)
(***************************************************************************)
Trace == CHOOSE states : TRUE

(***************************************************************************)
(* In a postcondition, the behaviour that violates a property: a record    *)
(* whose field `state' is a set of pairs of position and state, and whose  *)
(* field `action' is a set of triples of state, action, state.  Both are   *)
(* empty if nothing was violated.  ToTrace makes a sequence of states from *)
(* it.                                                                     *)
(***************************************************************************)
CounterExample == CHOOSE graph : TRUE
ToTrace(CE) == CHOOSE states : TRUE
-----------------------------------------------------------------------------
(***************************************************************************)
(* The model value named str, made if there was none.  To be used where a  *)
(* constant is defined.                                                    *)
(***************************************************************************)
TLCModelValue(str) == CHOOSE v : ToString(v) = str

(***************************************************************************)
(* TRUE; the expression is evaluated later, when the state has been added. *)
(***************************************************************************)
TLCDefer(expression) == CHOOSE done : done = TRUE
-----------------------------------------------------------------------------
(***************************************************************************)
(* The argument itself; a place to set a breakpoint at.                    *)
(***************************************************************************)
TLCNoOp(val) == val

(***************************************************************************)
(* Asks the person at the terminal for each step that does not satisfy     *)
(* exp whether to take it.                                                 *)
(***************************************************************************)
PickSuccessor(exp) == IF exp THEN TRUE ELSE CHOOSE answer : answer \in BOOLEAN
-----------------------------------------------------------------------------
(***************************************************************************)
(* The value of the expression, remembered for the value of closure.       *)
(***************************************************************************)
TLCCache(expression, closure) == expression

(***************************************************************************)
(* The lower half of the fingerprint of a value.                           *)
(***************************************************************************)
TLCFP(var) == CHOOSE low : low \in Int
-----------------------------------------------------------------------------
(***************************************************************************)
(* The value of the definition of that name, which takes no parameters.    *)
(***************************************************************************)
TLCEvalDefinition(definitionName) == CHOOSE v : TRUE
=============================================================================
