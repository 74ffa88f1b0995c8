----------------------------- MODULE LibraftMap -----------------------------
(* What the events of the libraft target (libraft.c) are in Raft.tla.

   An event names a handler of libraft, and the handler is one action. What Raft
   leaves open is read off what the server shows afterwards: how far it committed,
   whether a timer led to an election. Then every statement that it sent must be one
   that the server may make in its new state (Says).

   libraft's files are two: "meta" is term and vote, put at once; "log" is written by
   appends, of entries or of a truncation. It truncates and appends in two operations
   (TruncateApart). When a write fails it is told that those behind it failed too,
   although the disk does them: the event "written" has what it was told.

   Later releases (0.22.1 was looked at) do some things otherwise, all of which Raft leaves
   to them; Later allows these:

     a new leader whose log has entries that it does not know as committed adds one
     an answer to a request for votes may be learnt from in any role
     a follower that still writes does not campaign when it is asked to
     a failed write is tried again, by writing the log anew

   A handler that is cut short has an effect on its disk and on the network, up to
   the cut, and then none. What it put tells how far its term and vote got. *)
EXTENDS Raft

\* The nodes of the world: `fathom fuzz` puts as many here as there are.
Nodes == 1 .. 3

\* Configurations replace it.
Later == FALSE

\* Entry 1 is the configuration, committed.
BootLog == <<VotersEntry(1, Server)>>

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
    /\ known = [i \in Server |-> Len(InitialLog)]
    /\ commitIndex = [i \in Server |-> Len(InitialLog)]
    /\ matchIndex = [i \in Server |-> NoMatch]
    /\ messages = {}
    /\ elected = {}
    /\ committed = [k \in 1 .. Len(InitialLog) |->
                       [entry |-> InitialLog[k], in |-> 0, by |-> VotersOf(InitialLog)]]

Has(record, field) == field \in DOMAIN record

EntriesOf(ws) ==
    [k \in 1 .. Len(ws) |-> [term |-> ws[k].term, value |-> ws[k].value,
                             voters |-> {ws[k].voters[n] : n \in 1 .. Len(ws[k].voters)}]]

ListOf(S) == SelectSeq([j \in Nodes |-> j], LAMBDA j : j \in S)
LogShown(l) ==
    [k \in 1 .. Len(l) |->
        [term |-> l[k].term, value |-> l[k].value, voters |-> ListOf(l[k].voters)]]

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
           AppendEntriesResponseMessage(from, to, w.term, w.rejected = 0,
                                        IF w.rejected = 0 THEN w.lastIndex ELSE w.rejected)
      [] w.type = "TimeoutNow" ->
           [mtype |-> w.type, mterm |-> w.term, mlastIndex |-> w.lastIndex,
            mlastTerm |-> w.lastTerm, msource |-> from, mdest |-> to]

Received(e) == MessageOf(e.from, e.node, e.msg)
Kinds(e, kind) == {k \in 1 .. Len(e.effects) : e.effects[k].kind = kind}

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
                  [] m.mtype = "AppendEntriesResponse" ->
                        /\ MayAnswer(n, m)'
                        /\ IF m.msuccess THEN IsStored(n, m.mindex)' /\ IsVerified(n, m.mindex)'
                           ELSE TRUE
                  [] OTHER -> m \in messages'

-----------------------------------------------------------------------------
(* Events cut short *)

\* How often the step puts "meta": for a message's term, and for the vote or the next term.
Puts(e) ==
    LET n == e.node
        voted == votedFor'[n] # Nobody
                  /\ (currentTerm'[n] # currentTerm[n] \/ votedFor'[n] # votedFor[n])
        adopts == e.ev = "deliver" /\ e.msg.type = "TimeoutNow" /\ e.msg.term > currentTerm[n]
    IN (IF currentTerm'[n] # currentTerm[n] THEN 1 ELSE 0) + (IF voted THEN 1 ELSE 0)
       + (IF adopts /\ currentTerm'[n] # e.msg.term THEN 1 ELSE 0)

\* Terms that the step may have put before it put the vote.
TermsPut(e) ==
    IF e.ev = "timer" THEN {currentTerm[e.node] + 1}
    ELSE IF e.ev = "deliver" THEN {e.msg.term}
         \cup (IF e.msg.type = "TimeoutNow" THEN {e.msg.term + 1} ELSE {})
    ELSE {}

\* The event is the step, or its beginning and then a crash: all of it but for writes under way,
\* which a crash may take; the term without the vote; or nothing.
Whole(e, Step) ==
    IF ~e.crashed THEN Step /\ Says(e)
    ELSE LET n == e.node
             puts == Cardinality(Kinds(e, "put"))
             quiet == Kinds(e, "send") = {} /\ Kinds(e, "append") = {}
         IN \/ (Step /\ Says(e) /\ Puts(e) <= puts) \cdot Crash(n)
            \/ /\ quiet /\ puts > 0
               /\ \E t \in TermsPut(e) : UpdateTerm(n, t) \cdot Crash(n)
            \/ quiet /\ puts = 0 /\ e.ev # "disk" /\ Crash(n)

-----------------------------------------------------------------------------
(* Events *)

\* The commit index afterwards: shown, or what was sent of it before a crash.
Shown(e) ==
    IF Has(e, "obs") THEN e.obs.commitIndex
    ELSE LET sent == {e.effects[k].msg.commit : k \in
                         {k \in Kinds(e, "send") : e.effects[k].msg.type = "AppendEntries"}}
         IN IF sent = {} THEN commitIndex[e.node] ELSE CHOOSE c \in sent : TRUE

\* As much of the disk is there as the server shows.
Start(e) ==
    \/ e.crashed /\ Ignore
    \/ ~e.crashed /\ \E k \in 0 .. Len(queue[e.node]) :
          \E torn \in 0 .. (IF k = Len(queue[e.node]) THEN 0
                            ELSE Max(1, Len(queue[e.node][k + 1].entries)) - 1) :
             /\ Has(e, "obs") => LogShown(AfterCrash(e.node, k, torn).log) = e.obs.log
             /\ Restart(e.node, k, torn)

Timer(e) ==
    IF role[e.node] = "leader" THEN
        IF Has(e, "obs") /\ e.obs.state = "follower" THEN StepDown(e.node) ELSE Ignore
    ELSE LET elects == IF ~Has(e, "obs") THEN Kinds(e, "put") # {} \/ Kinds(e, "send") # {}
                       ELSE e.obs.currentTerm > currentTerm[e.node] \/ e.obs.state # role[e.node]
         IN IF elects THEN Timeout(e.node) ELSE Ignore

Request(e) == IF Kinds(e, "append") # {} THEN ClientRequest(e.node, e.request + 1) ELSE Ignore

\* Whether libraft was told that the write is done; when it crashed before, what the disk did.
Told(e) ==
    LET events == Kinds(e, "event") IN
    IF events = {} THEN e.disk.status = "ok"
    ELSE e.effects[CHOOSE k \in events : TRUE].ok

\* Nobody is told of truncations.
Disk(e) ==
    LET n == e.node
        op == Head(queue[n])
        done == e.disk.status = "ok"
    IN
    /\ queue[n] # << >>
    /\ IF op.entries = << >> THEN
          IF done THEN Flush(n, commitIndex[n]) ELSE WriteFailed(n, FALSE, FALSE)
       ELSE IF Told(e) THEN Flush(n, Shown(e))
       ELSE IF Later /\ Kinds(e, "replace") # {} THEN WriteFailed(n, done, FALSE) \cdot Rewrite(n)
       ELSE WriteFailed(n, done, Has(e, "obs") /\ Len(e.obs.log) < Len(log[n]))

VoteResponse(e, m) ==
    LET n == e.node
        learns == m.mterm > currentTerm[n]
                  /\ IF Has(e, "obs") THEN e.obs.currentTerm = m.mterm ELSE Kinds(e, "put") # {}
    IN IF Later /\ Kinds(e, "append") # {}
       THEN HandleRequestVoteResponse(n, m) \cdot ClientRequest(n, 0)
       ELSE IF Later /\ learns THEN UpdateTerm(n, m.mterm)
       ELSE HandleRequestVoteResponse(n, m)

Transfer(e, m) ==
    LET n == e.node IN
    IF ~Later \/ stored[n] = Len(log[n]) THEN HandleTimeoutNow(n, m)
    ELSE IF role[n] = "follower" /\ leader[n] = m.msource /\ m.mterm > currentTerm[n]
    THEN UpdateTerm(n, m.mterm)
    ELSE Ignore

Event(e) ==
    \/ e.ev = "start" /\ Start(e)
    \/ e.ev = "crash" /\ Crash(e.node)
    \/ e.ev = "timer" /\ Whole(e, Timer(e))
    \/ e.ev = "request" /\ Whole(e, Request(e))
    \/ e.ev = "disk" /\ Whole(e, Disk(e))
    \/ e.ev \in {"sent", "custom"} /\ Whole(e, Ignore)
    \/ /\ e.ev = "deliver"
       /\ LET m == Received(e) IN
          \/ m.mtype = "RequestVote" /\ Whole(e, HandleRequestVoteRequest(e.node, m))
          \/ m.mtype = "RequestVoteResponse" /\ Whole(e, VoteResponse(e, m))
          \/ /\ m.mtype = "AppendEntries"
             /\ Whole(e, HandleAppendEntriesRequest(e.node, m, Shown(e)))
          \/ /\ m.mtype = "AppendEntriesResponse"
             /\ Whole(e, HandleAppendEntriesResponse(e.node, m, Shown(e)))
          \/ m.mtype = "TimeoutNow" /\ Whole(e, Transfer(e, m))

\* Time, the network and the nodes' clocks are no part of the model.
Ignored == {"tick", "drop", "duplicate", "cut", "isolate", "heal", "pause", "resume", "jump"}

Observed(n) ==
    [state |-> role[n],
     currentTerm |-> currentTerm[n],
     votedFor |-> votedFor[n],
     commitIndex |-> commitIndex[n],
     lastStored |-> stored[n],
     log |-> LogShown(log[n]),
     voters |-> ListOf(Voters(n)),
     openChange |-> IF VotersIndex(log[n]) > commitIndex[n] THEN VotersIndex(log[n]) ELSE 0,
     leader |-> leader[n],
     disrupts |-> disrupts[n],
     votes |-> [j \in Nodes |-> j \in votes[n]],
     matchIndex |-> [j \in Nodes |-> matchIndex[n][j]]]

(* What guides look at (docs/fuzzing.md). Terms, indices and values grow without end: seen is who is
   ahead of whom. Tried on mistakes 1 to 4 of our Raft alone, as that of RaftMap.tla. *)
Ahead(n, f) == Cardinality({j \in Server : f[j] > f[n]})
Cover ==
    LET length == [j \in Server |-> Len(log[j])]
        lastTerm == [j \in Server |-> LastTerm(log[j])]
    IN [n \in Server |->
           <<role[n], votedFor[n], votes[n], Ahead(n, currentTerm), Ahead(n, length),
             Ahead(n, lastTerm), Ahead(n, stored), Ahead(n, commitIndex), Len(queue[n]) > 0>>]
=============================================================================
