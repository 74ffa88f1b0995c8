---------------------------- MODULE LeaseSystem ----------------------------
(***************************************************************************)
(* The lock service of Lease.tla as a system of nodes and messages, as     *)
(* detailed as its program, lease.c: what a node does when a message       *)
(* arrives or a timer fires is one step.                                   *)
(*                                                                         *)
(* The network is the set of all messages ever sent: one that is lost is   *)
(* never received, one that is duplicated is received twice.               *)
(***************************************************************************)
EXTENDS Naturals

CONSTANTS
    Clients,    \* numbers of the nodes that ask for the lease
    Fencing     \* does the store compare grants?

VARIABLES
    holder,         \* the client that the service believes to hold the lease, or 0
    granted,        \* the number of the last grant
    last, highest,  \* grants under which the store was written: the last one and the highest
    grant,          \* the grant that each client works under, or 0
    messages

vars == <<holder, granted, last, highest, grant, messages>>

Acquire(c)    == [type |-> "acquire", client |-> c]
Granted(c, g) == [type |-> "grant", client |-> c, grant |-> g]
Writing(c, g) == [type |-> "write", client |-> c, grant |-> g]

Init ==
    /\ holder = 0
    /\ granted = 0
    /\ last = 0
    /\ highest = 0
    /\ grant = [c \in Clients |-> 0]
    /\ messages = {}

\* A client without a grant asks for one, as often as it likes.
Ask(c) ==
    /\ grant[c] = 0
    /\ messages' = messages \cup {Acquire(c)}
    /\ UNCHANGED <<holder, granted, last, highest, grant>>

\* The service grants the lease if it is free, and else does not answer.
ReceiveAcquire(c) ==
    /\ Acquire(c) \in messages
    /\ IF holder = 0
       THEN /\ holder' = c
            /\ granted' = granted + 1
            /\ messages' = messages \cup {Granted(c, granted')}
       ELSE UNCHANGED <<holder, granted, messages>>
    /\ UNCHANGED <<last, highest, grant>>

Expire ==
    /\ holder # 0
    /\ holder' = 0
    /\ UNCHANGED <<granted, last, highest, grant, messages>>

\* A client that works already does not begin anew.
ReceiveGrant(c, g) ==
    /\ Granted(c, g) \in messages
    /\ grant' = IF grant[c] = 0 THEN [grant EXCEPT ![c] = g] ELSE grant
    /\ UNCHANGED <<holder, granted, last, highest, messages>>

\* The work is done. Whether the lease is still valid the client's own clock tells, which may be
\* wrong.
Finish(c) ==
    /\ grant[c] # 0
    /\ grant' = [grant EXCEPT ![c] = 0]
    /\ \/ messages' = messages \cup {Writing(c, grant[c])}
       \/ UNCHANGED messages
    /\ UNCHANGED <<holder, granted, last, highest>>

ReceiveWrite(c, g) ==
    /\ Writing(c, g) \in messages
    /\ IF Fencing /\ g < highest
       THEN UNCHANGED <<last, highest, holder>>
       ELSE /\ last' = g
            /\ highest' = IF g > highest THEN g ELSE highest
            /\ holder' = IF holder = c THEN 0 ELSE holder
    /\ UNCHANGED <<granted, grant, messages>>

Next ==
    \/ Expire
    \/ \E c \in Clients :
        \/ Ask(c) \/ ReceiveAcquire(c) \/ Finish(c)
        \/ \E g \in 1..granted : ReceiveGrant(c, g) \/ ReceiveWrite(c, g)

Spec == Init /\ [][Next]_vars

TypeOK ==
    /\ holder \in Clients \cup {0}
    /\ {granted, last, highest} \subseteq Nat
    /\ grant \in [Clients -> 0..granted]

\* No write under an older grant replaces one under a newer grant.
NoLostWrite == last = highest

\* For exhaustive checking.
ThreeGrants == granted <= 3
=============================================================================

What must come out (tests/run_golden.py reads this; the counts are TLC's):
\* cfg: LeaseSystem.cfg
\* recorded: TLC cc6b616
\* expect: violates NoLostWrite, 498 distinct, 2193 generated, depth 11, trace 11
\* cfg: LeaseSystemFenced.cfg
\* recorded: TLC cc6b616
\* expect: ok, 2196 distinct, 21453 generated, depth 17
