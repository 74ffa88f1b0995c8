---- MODULE Ferry_Invariant_TTrace ----
EXTENDS Ferry, Ferry_TEConstants, Sequences, TLCExt, Toolbox, Naturals, TLC

_expression ==
    LET Ferry_TEExpression == INSTANCE Ferry_TEExpression
    IN Ferry_TEExpression!expression
----

_trace ==
    LET Ferry_TETrace == INSTANCE Ferry_TETrace
    IN Ferry_TETrace!trace
----

_inv ==
    ~(
        /\ TLCGet("level") = Len(_TETrace)
        /\ bank = ((a :> "east" @@ b :> "east"))
        /\ deck = ({})
        /\ side = ("east")
    )
----

_init ==
    /\ bank = _TETrace[1].bank
    /\ deck = _TETrace[1].deck
    /\ side = _TETrace[1].side
----

_next ==
    /\ \E _i, _j \in DOMAIN _TETrace:
        /\ \/ /\ _j = _i + 1
              /\ _i = TLCGet("level")
        /\ bank = _TETrace[_i].bank
        /\ bank' = _TETrace[_j].bank
        /\ deck = _TETrace[_i].deck
        /\ deck' = _TETrace[_j].deck
        /\ side = _TETrace[_i].side
        /\ side' = _TETrace[_j].side

\* The states as JSON: take away the comments of this assumption.
\* ASSUME LET J == INSTANCE Json IN J!JsonSerialize("Ferry_Invariant_TTrace.json", _TETrace)

=============================================================================

---- MODULE Ferry_TEExpression ----
EXTENDS Ferry, Ferry_TEConstants, Sequences, TLCExt, Toolbox, Naturals, TLC

\* What is shown of each state. Fields may be taken away and added:
\* expressions over the variables, primed or not, _TEPosition (the number
\* of the state) and _TETrace (the sequence of all).
expression ==
    [
        bank |-> bank
        ,deck |-> deck
        ,side |-> side
    ]

=============================================================================

---- MODULE Ferry_TETrace ----
EXTENDS Ferry, Ferry_TEConstants, TLC, TLCExt

\* The same from a file, for traces that take long to parse:
\* trace == LET IO == INSTANCE IOUtils
\*          IN ToTrace(IO!IODeserialize("Ferry_Invariant_TTrace.bin", TRUE).counterexample)
trace ==
    <<
    [bank |-> (a :> "west" @@ b :> "west"), deck |-> {}, side |-> "west"],
    [bank |-> (a :> "west" @@ b :> "west"), deck |-> {a}, side |-> "west"],
    [bank |-> (a :> "west" @@ b :> "west"), deck |-> {a}, side |-> "east"],
    [bank |-> (a :> "east" @@ b :> "west"), deck |-> {}, side |-> "east"],
    [bank |-> (a :> "east" @@ b :> "west"), deck |-> {}, side |-> "west"],
    [bank |-> (a :> "east" @@ b :> "west"), deck |-> {b}, side |-> "west"],
    [bank |-> (a :> "east" @@ b :> "west"), deck |-> {b}, side |-> "east"],
    [bank |-> (a :> "east" @@ b :> "east"), deck |-> {}, side |-> "east"]
    >>

=============================================================================

---- MODULE Ferry_TEConstants ----
EXTENDS Ferry

CONSTANTS a, b

=============================================================================

---- CONFIG Ferry_Invariant_TTrace ----
CONSTANTS
    Cars = {a, b}
    Room = 1
    a = a
    b = b
    _TETrace <- _trace

INVARIANT
    _inv

CHECK_DEADLOCK
    FALSE

INIT
    _init

NEXT
    _next

ALIAS
    _expression
=============================================================================
