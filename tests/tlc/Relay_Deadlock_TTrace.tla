---- MODULE Relay_Deadlock_TTrace ----
EXTENDS Relay, Sequences, TLCExt, Toolbox, Naturals, TLC

_expression ==
    LET Relay_TEExpression == INSTANCE Relay_TEExpression
    IN Relay_TEExpression!expression
----

_trace ==
    LET Relay_TETrace == INSTANCE Relay_TETrace
    IN Relay_TETrace!trace
----

_inv ==
    ~(
        /\ TLCGet("level") = Len(_TETrace)
        /\ queue = (<<>>)
        /\ count = (4)
        /\ last = ([from |-> "put", number |-> 1])
    )
----

_init ==
    /\ queue = _TETrace[1].queue
    /\ count = _TETrace[1].count
    /\ last = _TETrace[1].last
----

_next ==
    /\ \E _i, _j \in DOMAIN _TETrace:
        /\ \/ /\ _j = _i + 1
              /\ _i = TLCGet("level")
        /\ queue = _TETrace[_i].queue
        /\ queue' = _TETrace[_j].queue
        /\ count = _TETrace[_i].count
        /\ count' = _TETrace[_j].count
        /\ last = _TETrace[_i].last
        /\ last' = _TETrace[_j].last

\* The states as JSON: take away the comments of this assumption.
\* ASSUME LET J == INSTANCE Json IN J!JsonSerialize("Relay_Deadlock_TTrace.json", _TETrace)

=============================================================================

---- MODULE Relay_TEExpression ----
EXTENDS Relay, Sequences, TLCExt, Toolbox, Naturals, TLC

\* What is shown of each state. Fields may be taken away and added:
\* expressions over the variables, primed or not, _TEPosition (the number
\* of the state) and _TETrace (the sequence of all).
expression ==
    [
        queue |-> queue
        ,count |-> count
        ,last |-> last
    ]

=============================================================================

---- MODULE Relay_TETrace ----
EXTENDS Relay, TLC, TLCExt

\* The same from a file, for traces that take long to parse:
\* trace == LET IO == INSTANCE IOUtils
\*          IN ToTrace(IO!IODeserialize("Relay_Deadlock_TTrace.bin", TRUE).counterexample)
trace ==
    <<
    [queue |-> <<>>, count |-> 0, last |-> [from |-> "none", number |-> 0]],
    [queue |-> <<[from |-> "put", number |-> 1]>>, count |-> 1, last |-> [from |-> "none", number |-> 0]],
    [queue |-> <<>>, count |-> 1, last |-> [from |-> "put", number |-> 1]],
    [queue |-> <<[from |-> "put", number |-> 1]>>, count |-> 2, last |-> [from |-> "put", number |-> 1]],
    [queue |-> <<>>, count |-> 2, last |-> [from |-> "put", number |-> 1]],
    [queue |-> <<[from |-> "put", number |-> 1]>>, count |-> 3, last |-> [from |-> "put", number |-> 1]],
    [queue |-> <<>>, count |-> 3, last |-> [from |-> "put", number |-> 1]],
    [queue |-> <<[from |-> "put", number |-> 1]>>, count |-> 4, last |-> [from |-> "put", number |-> 1]],
    [queue |-> <<>>, count |-> 4, last |-> [from |-> "put", number |-> 1]]
    >>

=============================================================================

---- CONFIG Relay_Deadlock_TTrace ----
CONSTANTS
    Mode = "deadlock"
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
