------------------------------- MODULE Lease -------------------------------
(***************************************************************************)
(* Clients write to a shared store under a lease.                          *)
(*                                                                         *)
(* A lock service grants the lease to one client at a time and takes it    *)
(* back when it expires.  Each grant carries a number, one higher than the *)
(* last.  A client that holds the lease prepares a write and then sends    *)
(* it.  Between the two it may be slow (a long garbage collection, a page  *)
(* fault, a congested network), and nothing tells it that meanwhile its    *)
(* lease has expired.                                                      *)
(*                                                                         *)
(* With Fencing the store remembers the highest grant it has seen and      *)
(* refuses older ones.  Without, a late write overwrites a newer one:      *)
(* `fathom check Lease.tla` shows how.  LeaseFenced.cfg checks the repair. *)
(***************************************************************************)
EXTENDS Naturals

CONSTANTS
    Clients,    \* who may ask for the lease
    GrantMax,   \* how many grants are explored
    Fencing     \* does the store compare grants?

VARIABLES
    holder,     \* the client that the lock service believes to hold the lease, or Nobody
    granted,    \* the number of the last grant
    client,     \* what each client does, and under which grant
    store       \* the grants under which the store was written: the last one and the highest

vars == <<holder, granted, client, store>>

Nobody == "nobody"
Phases == {"idle", "leased", "prepared"}

TypeOK ==
    /\ holder \in Clients \cup {Nobody}
    /\ granted \in 0..GrantMax
    /\ client \in [Clients -> [phase : Phases, grant : 0..GrantMax]]
    /\ store \in [last : 0..GrantMax, highest : 0..GrantMax]

Init ==
    /\ holder = Nobody
    /\ granted = 0
    /\ client = [c \in Clients |-> [phase |-> "idle", grant |-> 0]]
    /\ store = [last |-> 0, highest |-> 0]

Acquire(c) ==
    /\ holder = Nobody
    /\ client[c].phase = "idle"
    /\ granted < GrantMax
    /\ granted' = granted + 1
    /\ holder' = c
    /\ client' = [client EXCEPT ![c] = [phase |-> "leased", grant |-> granted']]
    /\ UNCHANGED store

\* The client is not told.
Expire ==
    /\ holder # Nobody
    /\ holder' = Nobody
    /\ UNCHANGED <<granted, client, store>>

\* The check that the client makes: its lease is still valid now.
Prepare(c) ==
    /\ holder = c
    /\ client[c].phase = "leased"
    /\ client' = [client EXCEPT ![c].phase = "prepared"]
    /\ UNCHANGED <<holder, granted, store>>

\* A client that finds its lease gone before it prepared gives up.
GiveUp(c) ==
    /\ holder # c
    /\ client[c].phase = "leased"
    /\ client' = [client EXCEPT ![c].phase = "idle"]
    /\ UNCHANGED <<holder, granted, store>>

Accepts(grant) == Fencing => grant >= store.highest

Write(c) ==
    /\ client[c].phase = "prepared"
    /\ LET grant == client[c].grant
       IN  store' = IF Accepts(grant)
                    THEN [last    |-> grant,
                          highest |-> IF grant > store.highest THEN grant ELSE store.highest]
                    ELSE store
    /\ client' = [client EXCEPT ![c].phase = "idle"]
    /\ holder' = IF holder = c THEN Nobody ELSE holder
    /\ UNCHANGED granted

Next ==
    \/ \E c \in Clients : Acquire(c) \/ Prepare(c) \/ GiveUp(c) \/ Write(c)
    \/ Expire

Spec == Init /\ [][Next]_vars

\* No write under an older grant replaces one under a newer grant.
NoLostWrite == store.last = store.highest
=============================================================================

What must come out (tests/run_golden.py reads this; the counts are TLC's):
\* cfg: Lease.cfg
\* recorded: TLC cc6b616
\* expect: violates NoLostWrite, 104 distinct, 138 generated, depth 8, trace 8
\* cfg: LeaseFenced.cfg
\* recorded: TLC cc6b616
\* expect: ok, 265 distinct, 463 generated, depth 10
