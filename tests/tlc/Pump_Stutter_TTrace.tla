---- MODULE Pump_Stutter_TTrace ----
EXTENDS Pump, Sequences, TLCExt, Toolbox, Naturals, TLC

_expression ==
    LET Pump_TEExpression == INSTANCE Pump_TEExpression
    IN Pump_TEExpression!expression
----

_trace ==
    LET Pump_TETrace == INSTANCE Pump_TETrace
    IN Pump_TETrace!trace
----

_prop ==
    ~(<>[](
        /\ level = (0)
        /\ on = (FALSE)
    ))
----

_init ==
    /\ level = _TETrace[1].level
    /\ on = _TETrace[1].on
----

_next ==
    /\ \E _i, _j \in DOMAIN _TETrace:
        /\ \/ /\ _j = _i + 1
              /\ _i = TLCGet("level")
        /\ level = _TETrace[_i].level
        /\ level' = _TETrace[_j].level
        /\ on = _TETrace[_i].on
        /\ on' = _TETrace[_j].on

\* The states as JSON: take away the comments of this assumption.
\* ASSUME LET J == INSTANCE Json IN J!JsonSerialize("Pump_Stutter_TTrace.json", _TETrace)

=============================================================================

---- MODULE Pump_TEExpression ----
EXTENDS Pump, Sequences, TLCExt, Toolbox, Naturals, TLC

\* What is shown of each state. Fields may be taken away and added:
\* expressions over the variables, primed or not, _TEPosition (the number
\* of the state) and _TETrace (the sequence of all).
expression ==
    [
        level |-> level
        ,on |-> on
    ]

=============================================================================

---- MODULE Pump_TETrace ----
EXTENDS Pump, TLC, TLCExt

\* The same from a file, for traces that take long to parse:
\* trace == LET IO == INSTANCE IOUtils
\*          IN ToTrace(IO!IODeserialize("Pump_Stutter_TTrace.bin", TRUE).counterexample)
trace ==
    <<
    [level |-> 0, on |-> FALSE]
    >>

=============================================================================

---- CONFIG Pump_Stutter_TTrace ----
CONSTANTS
    _TETrace <- _trace

PROPERTY
    _prop

CHECK_DEADLOCK
    FALSE

INIT
    _init

NEXT
    _next

ALIAS
    _expression
=============================================================================
