------------------------------ MODULE LeaseMap ------------------------------
(***************************************************************************)
(* What the events of lease.c are in LeaseSystem: node 1 is the service,   *)
(* the others are clients.  `fathom fuzz LeaseMap.tla lease.so` holds each *)
(* event of the program against it.                                        *)
(***************************************************************************)
EXTENDS LeaseSystem, Sequences

Service == 1

\* The nodes of the world: `fathom fuzz` puts as many here as there are. Clients are the others.
Nodes == 1..3
Others == Nodes \ {Service}

\* A message of the program as one of the specification.  `c` is the client that it is from or to.
Message(c, msg) ==
    CASE msg.type = "acquire" -> Acquire(c)
      [] msg.type = "grant"   -> Granted(c, msg.grant)
      [] msg.type = "write"   -> Writing(c, msg.grant)

\* The messages that were sent in the event are those that the step sends.
Sends(e) ==
    LET sent == {i \in DOMAIN e.effects : e.effects[i].kind = "send"}
    IN  messages' = messages \cup
            {LET to == e.effects[i].to
             IN  Message(IF to = Service THEN e.node ELSE to, e.effects[i].msg) : i \in sent}

Event(e) ==
    \/ /\ e.ev = "start"
       /\ UNCHANGED vars
    \/ /\ e.ev = "timer"
       /\ e.node = Service
       /\ Expire
       /\ Sends(e)
    \/ /\ e.ev = "timer"
       /\ e.node # Service
       /\ Ask(e.node) \/ Finish(e.node)
       /\ Sends(e)
    \/ /\ e.ev = "timer"            \* it asks again later, if it has no grant by then
       /\ e.node # Service
       /\ e.effects = <<>>
       /\ grant[e.node] # 0
       /\ UNCHANGED vars
    \/ /\ e.ev = "deliver"
       /\ e.node = Service
       /\ \/ e.msg.type = "acquire" /\ ReceiveAcquire(e.from)
          \/ e.msg.type = "write" /\ ReceiveWrite(e.from, e.msg.grant)
       /\ Sends(e)
    \/ /\ e.ev = "deliver"
       /\ e.node # Service
       /\ e.msg.type = "grant"
       /\ ReceiveGrant(e.node, e.msg.grant)
       /\ Sends(e)

Observed(n) ==
    IF n = Service
    THEN [holder |-> holder, granted |-> granted, last |-> last, highest |-> highest]
    ELSE [grant |-> grant[n]]

\* The network and time are no part of the specification's state.
Ignored == {"tick", "drop", "duplicate", "cut", "isolate", "heal", "pause", "resume", "jump"}
=============================================================================

What must come out (tests/run_golden.py reads this; the counts are TLC's):
\* cfg: LeaseMap.cfg
\* recorded: TLC cc6b616
\* expect: violates NoLostWrite, 498 distinct, 2193 generated, depth 11, trace 11
\* cfg: LeaseMapFenced.cfg
\* recorded: TLC cc6b616
\* expect: ok, 2196 distinct, 21453 generated, depth 17
