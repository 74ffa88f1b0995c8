------------------------------ MODULE RaftMap ------------------------------
(* What the events of our Raft (raft.c, raft_sut.c) are in Raft.tla.

   An event is one handler, and a handler is one action. How far it committed is
   read off what the server shows; and every statement that it sent must be one that
   the server may make in its new state (Says).

   The vote file is put once a handler, before anything else leaves. The log file is
   written by an append and a sync, which are one operation of the model, done when
   the sync is. After a failure the operations under way prove nothing, and the file
   is written anew, as it is for a snapshot.

   A snapshot of the state machine is the list of what was applied. It lacks the terms
   of entries, which are those that were committed. *)
EXTENDS Raft

\* The nodes of the world: `fathom fuzz` puts as many here as there are.
Nodes == 1 .. 3

Has(record, field) == field \in DOMAIN record

EntryOf(w, term) ==
    [term |-> term, value |-> w.value, voters |-> {w.voters[k] : k \in 1 .. Len(w.voters)}]
EntriesOf(ws) == [k \in 1 .. Len(ws) |-> EntryOf(ws[k], ws[k].term)]

ListOf(S) == SelectSeq([j \in Nodes |-> j], LAMBDA j : j \in S)
\* The entries of a log behind a snapshot of k, as a server shows them.
LogShown(l, k) ==
    [n \in 1 .. Len(l) - k |->
        [term |-> l[k + n].term, value |-> l[k + n].value, voters |-> ListOf(l[k + n].voters)]]

\* What a snapshot stands for.
Stands(w) ==
    [k \in 1 .. Len(w.state) |->
        EntryOf(w.state[k], IF k = w.lastIndex THEN w.lastTerm
                            ELSE IF k <= Len(committed) THEN committed[k].entry.term ELSE 0)]

MessageOf(from, to, w) ==
    CASE w.type = "RequestVote" ->
           [mtype |-> w.type, mterm |-> w.term, mlastIndex |-> w.lastIndex,
            mlastTerm |-> w.lastTerm, mdisrupt |-> w.disrupt, mpreVote |-> w.preVote,
            msource |-> from, mdest |-> to]
      [] w.type = "RequestVoteResponse" ->
           RequestVoteResponseMessage(from, to, w.term, w.granted, w.preVote)
      [] w.type = "AppendEntries" ->
           AppendEntriesMessage(from, to, w.term, w.prevIndex, w.prevTerm,
                                EntriesOf(w.entries), w.commit)
      [] w.type = "AppendEntriesResponse" ->
           AppendEntriesResponseMessage(from, to, w.term, w.success, w.index)
      [] w.type = "InstallSnapshot" -> InstallSnapshotMessage(from, to, w.term, Stands(w))
      [] w.type = "TimeoutNow" ->
           [mtype |-> w.type, mterm |-> w.term, mlastIndex |-> w.lastIndex,
            mlastTerm |-> w.lastTerm, msource |-> from, mdest |-> to]

Received(e) == MessageOf(e.from, e.node, e.msg)
Kinds(e, kind) == {k \in 1 .. Len(e.effects) : e.effects[k].kind = kind}

\* Who refuses a pre-vote tells its own term, and not the one asked for.
Refuses(n, m) ==
    /\ m.mtype = "RequestVoteResponse"
    /\ m.mpreVote /\ ~m.mgranted
    /\ m.mterm = currentTerm[n]

\* All that was sent is an answer of the step, or may be said by who took it: MaySend afterwards,
\* apart, so that what is false has a name.
Says(e) ==
    \A k \in Kinds(e, "send") :
        LET n == e.node
            m == MessageOf(n, e.effects[k].to, e.effects[k].msg)
        IN IF m \in messages' THEN TRUE
           ELSE CASE m.mtype = "AppendEntries" -> MayReplicate(n, m)'
                  [] m.mtype = "RequestVote" -> MayAskForVote(n, m)'
                  [] m.mtype = "TimeoutNow" -> MayHandOver(n, m)'
                  [] m.mtype = "InstallSnapshot" ->
                        /\ MayInstall(n, m)'
                        /\ e.effects[k].msg.lastIndex = Len(m.mlog)
                        /\ e.effects[k].msg.voters = ListOf(VotersOf(m.mlog))
                  [] m.mtype = "AppendEntriesResponse" ->
                        /\ MayAnswer(n, m)'
                        /\ IF m.msuccess THEN IsStored(n, m.mindex)' /\ IsVerified(n, m.mindex)'
                           ELSE TRUE
                  [] OTHER -> e.ev = "deliver" /\ Refuses(n, m)'

\* The event is the step; cut short, it is the step and a crash, which may take writes under way. Of
\* a step of which nothing was seen nothing is left but a write that was done, perhaps.
Whole(e, Step) ==
    IF ~e.crashed THEN Step /\ Says(e)
    ELSE IF \A kind \in {"put", "send", "append", "replace", "event"} : Kinds(e, kind) = {}
    THEN Crash(e.node)
    ELSE (Step /\ Says(e)) \cdot Crash(e.node)

-----------------------------------------------------------------------------
(* Events *)

\* The commit index afterwards: shown, or what was sent of it before a crash.
Shown(e) ==
    IF Has(e, "obs") THEN e.obs.commitIndex
    ELSE LET sent == {e.effects[k].msg.commit : k \in
                         {k \in Kinds(e, "send") : e.effects[k].msg.type = "AppendEntries"}}
         IN IF sent = {} THEN commitIndex[e.node] ELSE CHOOSE c \in sent : TRUE

\* As much of the disk is there as the server shows. A torn end is written over.
Start(e) ==
    LET n == e.node IN
    \E k \in 0 .. Len(queue[n]) :
       \E torn \in 0 .. (IF k = Len(queue[n]) THEN 0
                         ELSE Max(1, Len(queue[n][k + 1].entries)) - 1) :
          /\ LET left == AfterCrash(n, k, torn) IN
             /\ left.snapshot = e.obs.snapshotIndex
             /\ LogShown(left.log, left.snapshot) = e.obs.log
          /\ IF Kinds(e, "replace") = {} THEN Restart(n, k, torn)
             ELSE Restart(n, k, torn) \cdot Rewrite(n)

\* Timers: 1 for elections and for the leader's count, 2 for heartbeats, 3 for the log file.
Timer(e) ==
    CASE e.timer = 1 /\ role[e.node] # "leader" -> Timeout(e.node)
      [] e.timer = 1 /\ role[e.node] = "leader" /\ Has(e, "obs") /\ e.obs.role = "follower" ->
           StepDown(e.node)
      [] e.timer = 3 /\ Kinds(e, "replace") # {} -> Rewrite(e.node)
      [] OTHER -> Ignore

Request(e) == IF Kinds(e, "append") # {} THEN ClientRequest(e.node, e.request) ELSE Ignore

\* An operator takes a voter out or puts it in, or has all applied entries compacted but for
\* e.argument - 1.
Custom(e) ==
    LET n == e.node
        a == e.argument
        rewrites == Kinds(e, "replace") # {}
    IN CASE e.kind = "change" /\ Kinds(e, "append") # {} ->
              ChangeVoters(n, IF a \in Voters(n) THEN Voters(n) \ {a} ELSE Voters(n) \cup {a})
         [] e.kind = "compact" /\ Has(e, "obs") /\ e.obs.snapshotIndex # snapshotIndex[n] ->
              TakeSnapshot(n, e.obs.snapshotIndex, rewrites)
         [] e.kind = "compact" /\ ~Has(e, "obs") /\ rewrites ->
              TakeSnapshot(n, commitIndex[n] - (a - 1), TRUE)
         [] OTHER -> Ignore

\* Whether the server took it as done.
Counts(e) == \E k \in Kinds(e, "event") : e.effects[k].counts

Disk(e) ==
    CASE e.disk.do = "append" -> Ignore
      [] e.disk.do # "append" /\ Counts(e) -> Flush(e.node, Shown(e))
      [] e.disk.do = "sync" /\ ~Counts(e) ->
           \E effect \in BOOLEAN : WriteFailed(e.node, effect, FALSE)
      [] e.disk.do = "replace" /\ ~Counts(e) -> WriteFailed(e.node, e.disk.status = "ok", FALSE)

\* Any message of a later term is learnt from, but for those that promise nothing.
Learns(i, m) ==
    /\ m.mterm > currentTerm[i]
    /\ CASE m.mtype = "RequestVoteResponse" -> ~(m.mpreVote /\ m.mgranted)
         [] m.mtype = "AppendEntriesResponse" -> TRUE
         [] m.mtype = "TimeoutNow" -> role[i] # "follower" \/ leader[i] # m.msource
         [] OTHER -> FALSE

Deliver(e) ==
    LET n == e.node
        m == Received(e)
    IN CASE Learns(n, m) -> UpdateTerm(n, m.mterm)
         [] ~Learns(n, m) /\ m.mtype = "RequestVote" -> HandleRequestVoteRequest(n, m)
         [] ~Learns(n, m) /\ m.mtype = "RequestVoteResponse" -> HandleRequestVoteResponse(n, m)
         [] ~Learns(n, m) /\ m.mtype = "AppendEntries" ->
              HandleAppendEntriesRequest(n, m, Shown(e))
         [] ~Learns(n, m) /\ m.mtype = "InstallSnapshot" ->
              HandleInstallSnapshot(n, m, Shown(e), Kinds(e, "replace") # {})
         [] ~Learns(n, m) /\ m.mtype = "AppendEntriesResponse" ->
              HandleAppendEntriesResponse(n, m, Shown(e))
         [] ~Learns(n, m) /\ m.mtype = "TimeoutNow" -> HandleTimeoutNow(n, m)

Event(e) ==
    \/ e.ev = "start" /\ e.crashed /\ Ignore
    \/ e.ev = "start" /\ ~e.crashed /\ Start(e)
    \/ e.ev = "crash" /\ Crash(e.node)
    \/ e.ev = "timer" /\ Whole(e, Timer(e))
    \/ e.ev = "request" /\ Whole(e, Request(e))
    \/ e.ev = "disk" /\ Whole(e, Disk(e))
    \/ e.ev = "custom" /\ Whole(e, Custom(e))
    \/ e.ev = "deliver" /\ Whole(e, Deliver(e))

\* Time, the network and the nodes' clocks are no part of the model.
Ignored == {"tick", "drop", "duplicate", "cut", "isolate", "heal", "pause", "resume", "jump"}

MapInit ==
    /\ currentTerm = [i \in Server |-> 1]
    /\ votedFor = [i \in Server |-> Nobody]
    /\ disk = [i \in Server |-> [snapshot |-> 0, log |-> InitialLog]]
    /\ queue = [i \in Server |-> << >>]
    /\ snapshotIndex = [i \in Server |-> 0]
    /\ role = [i \in Server |-> "down"]
    /\ leader = [i \in Server |-> Nobody]
    /\ votes = [i \in Server |-> {}]
    /\ disrupts = [i \in Server |-> FALSE]
    /\ log = [i \in Server |-> << >>]
    /\ stored = [i \in Server |-> 0]
    /\ verified = [i \in Server |-> 0]
    /\ known = [i \in Server |-> 0]
    /\ commitIndex = [i \in Server |-> 0]
    /\ matchIndex = [i \in Server |-> NoMatch]
    /\ messages = {}
    /\ elected = {}
    /\ committed = << >>

Observed(n) ==
    [role |-> role[n],
     currentTerm |-> currentTerm[n],
     votedFor |-> votedFor[n],
     leader |-> IF role[n] = "leader" THEN n ELSE leader[n],
     commitIndex |-> commitIndex[n],
     stored |-> stored[n],
     verified |-> verified[n],
     log |-> LogShown(log[n], snapshotIndex[n]),
     snapshotIndex |-> snapshotIndex[n],
     snapshotTerm |-> TermAt(log[n], snapshotIndex[n]),
     voters |-> ListOf(Voters(n)),
     openChange |-> IF VotersIndex(log[n]) > commitIndex[n] THEN VotersIndex(log[n]) ELSE 0,
     matchIndex |-> [j \in Nodes |-> matchIndex[n][j]]]

(* What guides look at (docs/fuzzing.md). Terms, indices and values grow without end: seen is who is
   ahead of whom. Tried on mistakes 1 to 4 of our Raft alone. *)
Ahead(n, f) == Cardinality({j \in Server : f[j] > f[n]})
Cover ==
    LET length == [j \in Server |-> Len(log[j])]
        lastTerm == [j \in Server |-> LastTerm(log[j])]
    IN [n \in Server |->
           <<role[n], votedFor[n], votes[n], Ahead(n, currentTerm), Ahead(n, length),
             Ahead(n, lastTerm), Ahead(n, stored), Ahead(n, commitIndex), Len(queue[n]) > 0,
             Ahead(n, snapshotIndex), Voters(n)>>]
=============================================================================
