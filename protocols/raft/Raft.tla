-------------------------------- MODULE Raft --------------------------------
(* Raft: elections, replication, disks, snapshots, changes of membership, pre-vote,
   check-quorum and transfer of leadership, after Ongaro, "Consensus: Bridging Theory
   and Practice" (2014).

   One action is one handler of an implementation: what it does when a message
   arrives, a timer fires, a client asks or a write completes. So it adopts the
   message's term, changes the log, commits and answers in one step, and its
   parameters are what a handler is given, plus c, the commit index that it leaves
   behind: Raft says how far it may go, not that it must.

   What servers may say. A server's answer is in `messages` after the handler's
   step. The others are statements about its own state, which it may make at any
   time, again and again: MaySend says which. A leader sends any part of its log
   to anybody (nextIndex only chooses, so there is none), a follower acknowledges
   what it has written and compared with its leader's log, now or later.
   `messages` holds everything that was ever sent: that a message is lost, late or
   doubled needs no step.

   Disks. The term and the vote are durable when the handler is over. The log is
   written by operations that complete in order, later: queue[i] are those under
   way, disk[i] is what is written. An operation replaces all from `first` on;
   without entries it truncates; with `first` 0 it replaces everything. After a crash
   a beginning of the queue is done. When an operation is done the log is stored up to
   `last`, unless some of it was cut off meanwhile.

   Snapshots (chapter 5). log[i] and the disks keep all entries from the first on: a
   snapshot stands for the entries whose effects it has, so it is how many these are,
   and a message that carries one carries them. What a server has forgotten behind its
   snapshot it cannot send, and cannot compare.

   Membership (chapter 4). An entry that names voters is in force from the moment it is
   in the log, committed or not; so the voters of a server are those of its log.
   They change by one server at a time.

   stored[i]    entries of the log that no crash takes any more
   verified[i]  entries of the log compared with the leader's log in this term
   known[i]     what a leader said to be committed, of what was verified
   leader[i]    from whom a follower heard since it last timed out
   snapshotIndex[i]  entries that are in the snapshot, and not in the log any more

   Known names what an implementation does otherwise, so that a campaign can go on
   past it, and so that models can show that it is a mistake. Each weakens one
   condition; the name stands beside it.

       SmallQuorum      half of the servers are enough
       VoteLost         a restart forgets the vote
       TermLost         a restart forgets the term
       CommitOldTerm    entries of older terms are committed by counting
       CommitBack       a late request takes the commit index back
       CommitUnsent     the commit index is not held below the last entry sent
       AckUnmatched     entries are acknowledged that were not compared
       TruncateAlways   a request truncates the log though nothing is in conflict
       NoPrevTerm       the term of the entry before those sent is not compared
       IndexOnly        votes compare the logs' lengths, not their last terms
       AckUnwritten     entries are acknowledged that are not written
       SecondVote       a second vote in a term
       TruncateLeading  a leader takes back entries that it could not write, and
                        goes on as leader
       AckStale         a request of an older term is acknowledged when it
                        begins with the first entry
       StoredOverGap    a write counts though one before it failed
       SnapshotEarly    a snapshot has entries that are not committed
       SnapshotSkipped  a snapshot is passed over because of an entry of a later term
       ChangeEarly      voters change before an entry of the leader's term is committed
       ChangeOpen       voters change before their last change is committed
       ChangeMany       voters change by more than one server                      *)
EXTENDS Naturals, FiniteSets, Sequences

CONSTANTS
    Server,        \* a set
    Value,         \* what clients ask for
    Nobody,        \* no server
    PreVote,       \* elections begin with asking who would vote
    CheckQuorum,   \* leaders without a majority step down; who has one refuses votes
    TruncateApart, \* a truncation is an operation on the disk of its own
    Remember,      \* FALSE: messages holds those of the last step only
    Known          \* the deviations that are allowed

VARIABLES
    currentTerm, votedFor,                 \* durable
    disk, queue,                           \* the log as written, and being written
    snapshotIndex,
    role, leader, votes, disrupts,         \* "follower" "precandidate" "candidate" ...
    log, stored, verified, known, commitIndex,
    matchIndex,                            \* of leaders: what others acknowledged
    messages,
    elected, committed                     \* history: who won, what was committed when

electionVars == <<currentTerm, votedFor, role, leader, votes, disrupts, matchIndex, elected>>
logVars == <<log, stored, disk, queue, snapshotIndex>>
commitVars == <<known, commitIndex, committed>>
vars == <<electionVars, logVars, commitVars, verified, messages>>

-----------------------------------------------------------------------------
Min(a, b) == IF a < b THEN a ELSE b
Max(a, b) == IF a < b THEN b ELSE a

\* What every server begins with, committed, and the voters where the log names none. Configurations
\* may replace them.
InitialLog == << >>
InitialVoters == Server

\* An entry is a client's value, or the voters from it on.
ValueEntry(t, v) == [term |-> t, value |-> v, voters |-> {}]
VotersEntry(t, V) == [term |-> t, value |-> Nobody, voters |-> V]

\* The last entry of a log that names voters, and the voters in force; i's.
VotersIndex(l) ==
    LET named == {k \in 1 .. Len(l) : l[k].voters # {}}
    IN IF named = {} THEN 0 ELSE CHOOSE k \in named : \A other \in named : other <= k
VotersOf(l) == LET k == VotersIndex(l) IN IF k = 0 THEN InitialVoters ELSE l[k].voters
Voters(i) == VotersOf(log[i])

\* S has a majority of V.
IsQuorum(V, S) ==
    \/ 2 * Cardinality(S \cap V) > Cardinality(V)
    \/ "SmallQuorum" \in Known /\ 2 * Cardinality(S \cap V) >= Cardinality(V)

LastTerm(l) == IF l = << >> THEN 0 ELSE l[Len(l)].term
TermAt(l, k) == IF k = 0 \/ k > Len(l) THEN 0 ELSE l[k].term
NoMatch == [j \in Server |-> 0]
Up(i) == role[i] # "down"

\* What servers say besides answers in every step; models may add what MaySend allows.
Unasked == {}
\* The last conjunct of each action.
Send(ms) == messages' = (IF Remember THEN messages ELSE {}) \cup ms \cup Unasked'
\* A refusal in the request's own term, or an acknowledgement of nothing, changes nobody: it is not
\* worth remembering.
Answer(asked, m) == Send(IF Remember /\ m.mterm = asked THEN {} ELSE {m})

RequestVoteMessage(i, j, t, l, disrupt, pre) ==
    [mtype |-> "RequestVote", mterm |-> t, mlastIndex |-> Len(l), mlastTerm |-> LastTerm(l),
     mdisrupt |-> disrupt, mpreVote |-> pre, msource |-> i, mdest |-> j]
RequestVoteResponseMessage(i, j, t, granted, pre) ==
    [mtype |-> "RequestVoteResponse", mterm |-> t, mgranted |-> granted, mpreVote |-> pre,
     msource |-> i, mdest |-> j]
AppendEntriesMessage(i, j, t, prev, prevTerm, entries, commit) ==
    [mtype |-> "AppendEntries", mterm |-> t, mprevIndex |-> prev, mprevTerm |-> prevTerm,
     mentries |-> entries, mcommit |-> commit, msource |-> i, mdest |-> j]
\* msuccess: entries up to mindex are acknowledged; otherwise mindex was not found.
AppendEntriesResponseMessage(i, j, t, success, index) ==
    [mtype |-> "AppendEntriesResponse", mterm |-> t, msuccess |-> success, mindex |-> index,
     msource |-> i, mdest |-> j]
\* mlog: the entries whose effects the snapshot has.
InstallSnapshotMessage(i, j, t, snapshot) ==
    [mtype |-> "InstallSnapshot", mterm |-> t, mlog |-> snapshot, msource |-> i, mdest |-> j]
TimeoutNowMessage(i, j, t, l) ==
    [mtype |-> "TimeoutNow", mterm |-> t, mlastIndex |-> Len(l), mlastTerm |-> LastTerm(l),
     msource |-> i, mdest |-> j]

-----------------------------------------------------------------------------
(* Disks *)

\* A write that begins behind a gap (one before it failed) is none.
Perform(d, op) ==
    IF op.first = 0 THEN [snapshot |-> op.snapshot, log |-> op.entries]
    ELSE IF op.first > Len(d.log) + 1 THEN d
    ELSE [d EXCEPT !.log = SubSeq(@, 1, op.first - 1) \o op.entries]

RECURSIVE PerformAll(_, _)
PerformAll(d, ops) ==
    IF ops = << >> THEN d ELSE PerformAll(Perform(d, Head(ops)), Tail(ops))

\* What a crash leaves: k operations are done, and n entries of the next.
AfterCrash(i, k, n) ==
    LET done == PerformAll(disk[i], SubSeq(queue[i], 1, k)) IN
    IF n = 0 THEN done
    ELSE LET op == queue[i][k + 1] IN
         Perform(done, [op EXCEPT !.entries = SubSeq(op.entries, 1, n)])

\* The operations that write entries from `first` on; `cut`: there are others in their place.
Operation(first, entries) ==
    [first |-> first, entries |-> entries, last |-> first + Len(entries) - 1, snapshot |-> 0]
Operations(first, cut, entries) ==
    (IF cut /\ TruncateApart THEN <<Operation(first, << >>)>> ELSE << >>)
    \o <<Operation(first, entries)>>
\* The one that writes everything anew, behind a snapshot of k entries.
WriteAll(l, k) == [first |-> 0, entries |-> l, last |-> Len(l), snapshot |-> k]

\* Operations under way when the log is cut off behind entry `last`.
Shortened(ops, last) ==
    [k \in 1 .. Len(ops) |-> [ops[k] EXCEPT !.last = Min(@, last)]]

\* What is stored when the oldest operation is done.
StoredAfter(i, op) ==
    IF op.first <= stored[i] + 1 THEN Max(stored[i], op.last)
    ELSE IF "StoredOverGap" \in Known
    THEN Min(Len(log[i]), stored[i] + Max(0, op.last - op.first + 1))
    ELSE stored[i]

-----------------------------------------------------------------------------
(* What may be committed, and said *)

\* Index c is agreed on, as leader i sees it.
Agreed(i, c, match, own) ==
    /\ c <= Len(log[i])
    /\ IF "CommitOldTerm" \in Known THEN TRUE ELSE log[i][c].term = currentTerm[i]
    /\ IsQuorum(Voters(i), {j \in Server : IF j = i THEN own >= c ELSE match[j] >= c})

\* The commit index becomes c, of the log l.
CommitTo(i, c, l) ==
    /\ commitIndex' = [commitIndex EXCEPT ![i] = c]
    /\ committed' = IF c <= Len(committed) THEN committed
                    ELSE committed \o [k \in 1 .. c - Len(committed) |->
                            [entry |-> l[k + Len(committed)], in |-> currentTerm'[i],
                             by |-> VotersOf(l)]]

LeaderMayCommit(i, c, match, own) ==
    IF c = commitIndex[i] THEN TRUE ELSE c > commitIndex[i] /\ Agreed(i, c, match, own)
FollowerMayCommit(i, c, told, l) ==
    c >= commitIndex[i] /\ c <= Max(commitIndex[i], Min(told, Len(l)))

Acknowledgeable(s, v) ==
    IF "AckUnmatched" \in Known THEN s ELSE IF "AckUnwritten" \in Known THEN v ELSE Min(s, v)

(* Statements that a server may make in this state, whatever it was asked *)

MayReplicate(i, m) ==
    LET last == m.mprevIndex + Len(m.mentries) IN
    /\ role[i] = "leader"
    /\ m.mterm = currentTerm[i]
    /\ m.mprevIndex >= snapshotIndex[i]
    /\ last <= Len(log[i])
    /\ m.mprevTerm = TermAt(log[i], m.mprevIndex)
    /\ m.mentries = SubSeq(log[i], m.mprevIndex + 1, last)
    /\ m.mcommit <= commitIndex[i]

MayInstall(i, m) ==
    /\ role[i] = "leader"
    /\ m.mterm = currentTerm[i]
    /\ Len(m.mlog) = snapshotIndex[i]
    /\ m.mlog = SubSeq(log[i], 1, snapshotIndex[i])

MayAnswer(i, m) == role[i] = "follower" /\ m.mterm = currentTerm[i] /\ m.mdest = leader[i]
IsStored(i, k) == "AckUnwritten" \in Known \/ k <= stored[i]
IsVerified(i, k) == "AckUnmatched" \in Known \/ k <= verified[i]

MayAskForVote(i, m) ==
    /\ role[i] = (IF m.mpreVote THEN "precandidate" ELSE "candidate")
    /\ m.mterm = currentTerm[i] + (IF m.mpreVote THEN 1 ELSE 0)
    /\ m.mlastIndex = Len(log[i])
    /\ m.mlastTerm = LastTerm(log[i])
    /\ m.mdisrupt => disrupts[i]

MayHandOver(i, m) ==
    /\ role[i] = "leader"
    /\ m.mterm = currentTerm[i]
    /\ m.mlastIndex = Len(log[i])
    /\ m.mlastTerm = LastTerm(log[i])

MaySend(i, m) ==
    CASE m.mtype = "AppendEntries" -> MayReplicate(i, m)
      [] m.mtype = "InstallSnapshot" -> MayInstall(i, m)
      [] m.mtype = "AppendEntriesResponse" ->
            MayAnswer(i, m) /\ (m.msuccess => IsStored(i, m.mindex) /\ IsVerified(i, m.mindex))
      [] m.mtype = "RequestVote" -> MayAskForVote(i, m)
      [] m.mtype = "TimeoutNow" -> MayHandOver(i, m)
      [] OTHER -> FALSE

-----------------------------------------------------------------------------
(* Elections *)

\* Becomes a follower in term t; verified, leader and messages are the caller's.
Follow(i, t, vote) ==
    /\ currentTerm' = [currentTerm EXCEPT ![i] = t]
    /\ votedFor' = [votedFor EXCEPT ![i] = vote]
    /\ role' = [role EXCEPT ![i] = "follower"]
    /\ votes' = [votes EXCEPT ![i] = {}]
    /\ disrupts' = [disrupts EXCEPT ![i] = FALSE]
    /\ matchIndex' = [matchIndex EXCEPT ![i] = NoMatch]
    /\ UNCHANGED elected

VoteIn(i, t) == IF t > currentTerm[i] THEN Nobody ELSE votedFor[i]

\* A follower goes on with its leader into another term, until it hears from the new one.
LeaderKept(i) == IF role[i] = "follower" THEN leader ELSE [leader EXCEPT ![i] = Nobody]

\* Learns of a newer term.
UpdateTerm(i, t) ==
    /\ Up(i)
    /\ t > currentTerm[i]
    /\ Follow(i, t, Nobody)
    /\ leader' = LeaderKept(i)
    /\ verified' = [verified EXCEPT ![i] = 0]
    /\ UNCHANGED <<logVars, commitVars>>
    /\ Send({})

\* Campaigns in term t, and asks all other voters. Who is alone leads.
Campaign(i, t, disrupt) ==
    LET alone == IsQuorum(Voters(i), {i}) IN
    /\ currentTerm' = [currentTerm EXCEPT ![i] = t]
    /\ votedFor' = [votedFor EXCEPT ![i] = i]
    /\ role' = [role EXCEPT ![i] = IF alone THEN "leader" ELSE "candidate"]
    /\ leader' = [leader EXCEPT ![i] = Nobody]
    /\ votes' = [votes EXCEPT ![i] = IF alone THEN {} ELSE {i}]
    /\ disrupts' = [disrupts EXCEPT ![i] = disrupt /\ ~alone]
    /\ verified' = [verified EXCEPT ![i] = 0]
    /\ elected' = IF alone THEN elected \cup {[term |-> t, server |-> i]} ELSE elected
    /\ UNCHANGED <<matchIndex, logVars, commitVars>>
    /\ Send({RequestVoteMessage(i, j, t, log[i], disrupt, FALSE) : j \in Voters(i) \ {i}})

AskBefore(i) ==
    /\ role' = [role EXCEPT ![i] = "precandidate"]
    /\ leader' = [leader EXCEPT ![i] = Nobody]
    /\ votes' = [votes EXCEPT ![i] = {i}]
    /\ UNCHANGED <<currentTerm, votedFor, disrupts, matchIndex, elected, logVars, commitVars,
                   verified>>
    /\ Send({RequestVoteMessage(i, j, currentTerm[i] + 1, log[i], FALSE, TRUE) :
                j \in Voters(i) \ {i}})

\* Who is no voter does not campaign; until its removal is committed it may.
MayStand(i) == i \in Voters(i) \/ VotersIndex(log[i]) > commitIndex[i]

Wait(i) ==
    /\ i \notin Voters(i)
    /\ Follow(i, currentTerm[i], votedFor[i])
    /\ leader' = [leader EXCEPT ![i] = Nobody]
    /\ UNCHANGED <<verified, logVars, commitVars>>
    /\ Send({})

\* The election timeout passed. A candidate goes on to another round.
Timeout(i) ==
    /\ role[i] \in {"follower", "precandidate", "candidate"}
    /\ \/ Wait(i)
       \/ /\ MayStand(i)
          /\ IF PreVote /\ role[i] # "candidate" /\ ~IsQuorum(Voters(i), {i}) THEN AskBefore(i)
             ELSE Campaign(i, currentTerm[i] + 1, role[i] = "candidate" /\ disrupts[i])

\* A leader that does not hear from a majority.
StepDown(i) ==
    /\ CheckQuorum
    /\ role[i] = "leader"
    /\ Follow(i, currentTerm[i], votedFor[i])
    /\ UNCHANGED <<leader, verified, logVars, commitVars>>
    /\ Send({})

UpToDate(i, m) ==
    \/ m.mlastTerm > LastTerm(log[i])
    \/ m.mlastTerm = LastTerm(log[i]) /\ m.mlastIndex >= Len(log[i])
    \/ "IndexOnly" \in Known /\ m.mlastIndex >= Len(log[i])

\* There is a leader, and the candidate has no permission to disturb it.
Sticky(i, m) == CheckQuorum /\ ~m.mdisrupt /\ (role[i] = "leader" \/ leader[i] # Nobody)

Vote(i, m, t, grant) ==
    /\ IF t > currentTerm[i] THEN
          /\ Follow(i, t, IF grant THEN m.msource ELSE Nobody)
          /\ leader' = LeaderKept(i)
          /\ verified' = [verified EXCEPT ![i] = 0]
       ELSE
          /\ votedFor' = IF grant THEN [votedFor EXCEPT ![i] = m.msource] ELSE votedFor
          /\ UNCHANGED <<currentTerm, role, votes, disrupts, matchIndex, elected, leader, verified>>
    /\ UNCHANGED <<logVars, commitVars>>
    /\ IF grant THEN Send({RequestVoteResponseMessage(i, m.msource, t, TRUE, FALSE)})
       ELSE Answer(t, RequestVoteResponseMessage(i, m.msource, t, FALSE, FALSE))

HandleRequestVoteRequest(i, m) ==
    /\ m.mtype = "RequestVote"
    /\ m.mdest = i
    /\ Up(i)
    /\ IF m.mpreVote THEN
          LET granted == ~Sticky(i, m) /\ m.mterm >= currentTerm[i] /\ UpToDate(i, m) IN
          /\ UNCHANGED <<electionVars, logVars, commitVars, verified>>
          /\ IF granted THEN Send({RequestVoteResponseMessage(i, m.msource, m.mterm, TRUE, TRUE)})
             ELSE Answer(m.mterm, RequestVoteResponseMessage(i, m.msource, m.mterm, FALSE, TRUE))
       ELSE IF Sticky(i, m) \/ m.mterm < currentTerm[i] THEN
          /\ UNCHANGED <<electionVars, logVars, commitVars, verified>>
          /\ Answer(m.mterm,
                    RequestVoteResponseMessage(i, m.msource, currentTerm[i], FALSE, FALSE))
       ELSE LET voted == IF m.mterm > currentTerm[i] THEN Nobody ELSE votedFor[i]
                free == voted = Nobody \/ voted = m.msource
                also == IF "SecondVote" \in Known THEN {UpToDate(i, m)} ELSE {}
            IN \E grant \in {free /\ UpToDate(i, m)} \cup also :
                  Vote(i, m, m.mterm, grant)

BecomeLeader(i) ==
    /\ role' = [role EXCEPT ![i] = "leader"]
    /\ votes' = [votes EXCEPT ![i] = {}]
    /\ disrupts' = [disrupts EXCEPT ![i] = FALSE]
    /\ elected' = elected \cup {[term |-> currentTerm[i], server |-> i]}
    /\ UNCHANGED <<currentTerm, votedFor, leader, matchIndex, logVars, commitVars, verified>>
    /\ Send({})

\* A message that is of no use (any more).
Ignore ==
    /\ UNCHANGED <<electionVars, logVars, commitVars, verified>>
    /\ Send({})

\* Those who do not campaign may ignore it, or learn its term (UpdateTerm).
HandleRequestVoteResponse(i, m) ==
    /\ m.mtype = "RequestVoteResponse"
    /\ m.mdest = i
    /\ Up(i)
    /\ LET all == votes[i] \cup {m.msource}
           counts == /\ m.mgranted
                     /\ \/ role[i] = "precandidate" /\ m.mpreVote /\ m.mterm = currentTerm[i] + 1
                        \/ role[i] = "candidate" /\ ~m.mpreVote /\ m.mterm = currentTerm[i]
           enough == IsQuorum(Voters(i), all)
       IN CASE counts /\ ~enough ->
                 /\ votes' = [votes EXCEPT ![i] = all]
                 /\ UNCHANGED <<currentTerm, votedFor, role, leader, disrupts, matchIndex, elected,
                                logVars, commitVars, verified>>
                 /\ Send({})
            [] counts /\ enough /\ m.mpreVote -> Campaign(i, currentTerm[i] + 1, FALSE)
            [] counts /\ enough /\ ~m.mpreVote -> BecomeLeader(i)
            [] role[i] = "candidate" /\ m.mterm > currentTerm[i] -> UpdateTerm(i, m.mterm)
            [] OTHER -> Ignore

-----------------------------------------------------------------------------
(* Replication *)

\* The leader appends an entry to its log, and begins to write it.
Extend(i, entry) ==
    /\ log' = [log EXCEPT ![i] = Append(@, entry)]
    /\ queue' = [queue EXCEPT ![i] = @ \o Operations(Len(log[i]) + 1, FALSE, <<entry>>)]
    /\ UNCHANGED <<stored, disk, snapshotIndex, commitVars, verified>>
    /\ Send({})

ClientRequest(i, v) ==
    /\ role[i] = "leader"
    /\ UNCHANGED electionVars
    /\ Extend(i, ValueEntry(currentTerm[i], v))

\* The leader sends entries prev + 1 to last, perhaps none.
AppendEntries(i, j, prev, last, commit) ==
    LET m == AppendEntriesMessage(i, j, currentTerm[i], prev, TermAt(log[i], prev),
                                  SubSeq(log[i], prev + 1, last), commit)
    IN /\ MaySend(i, m)
       /\ UNCHANGED <<electionVars, logVars, commitVars, verified>>
       /\ Send({m})

\* The entry before those sent is there. What is in a snapshot is committed.
Matches(i, m) ==
    \/ m.mprevIndex = 0 \/ m.mprevIndex < snapshotIndex[i]
    \/ /\ m.mprevIndex <= Len(log[i])
       /\ m.mprevTerm = log[i][m.mprevIndex].term \/ "NoPrevTerm" \in Known

\* The first index at which the entries sent are new to the log; behind them when none is.
FirstNew(i, m) ==
    LET end == m.mprevIndex + Len(m.mentries)
        begin == Max(m.mprevIndex, snapshotIndex[i]) + 1
        new == {k \in begin .. end :
                   k > Len(log[i]) \/ log[i][k].term # m.mentries[k - m.mprevIndex].term}
    IN IF "TruncateAlways" \in Known THEN begin
       ELSE IF new = {} THEN end + 1
       ELSE CHOOSE k \in new : \A other \in new : k <= other

Accept(i, m, c) ==
    LET first == FirstNew(i, m)
        end == m.mprevIndex + Len(m.mentries)
        writes == first <= end \/ ("TruncateAlways" \in Known /\ first <= Len(log[i]))
        entries == SubSeq(m.mentries, first - m.mprevIndex, Len(m.mentries))
        after == IF writes THEN SubSeq(log[i], 1, first - 1) \o entries ELSE log[i]
        written == IF writes THEN Min(stored[i], first - 1) ELSE stored[i]
        before == IF m.mterm > currentTerm[i] THEN 0 ELSE verified[i]
        told == IF "CommitUnsent" \in Known THEN m.mcommit ELSE Min(m.mcommit, end)
        ack == Acknowledgeable(written, Max(before, end))
    IN
    /\ log' = [log EXCEPT ![i] = after]
    /\ stored' = [stored EXCEPT ![i] = written]
    /\ queue' = IF writes
                THEN [queue EXCEPT ![i] = Shortened(@, first - 1)
                                          \o Operations(first, first <= Len(log[i]), entries)]
                ELSE queue
    /\ verified' = [verified EXCEPT ![i] = Max(before, end)]
    /\ known' = [known EXCEPT ![i] = Max(@, told)]
    /\ IF "CommitBack" \in Known /\ c = told THEN m.mcommit >= commitIndex[i]
       ELSE FollowerMayCommit(i, c, Max(known[i], told), after)
    /\ CommitTo(i, c, after)
    /\ UNCHANGED <<disk, snapshotIndex>>
    /\ IF writes /\ "AckUnwritten" \notin Known THEN Send({})
       ELSE Answer(IF ack = 0 THEN m.mterm ELSE 0,
                   AppendEntriesResponseMessage(i, m.msource, m.mterm, TRUE, ack))

\* How far a handler of m may commit at most; c of HandleAppendEntriesRequest is at most this.
CommitTold(i, m) ==
    LET end == m.mprevIndex + Len(m.mentries)
        told == IF "CommitUnsent" \in Known THEN m.mcommit ELSE Min(m.mcommit, end)
        length == IF FirstNew(i, m) <= end THEN end ELSE Len(log[i])
    IN IF m.mterm < currentTerm[i] \/ ~Matches(i, m) THEN commitIndex[i]
       ELSE Max(commitIndex[i], Min(Max(known[i], told), length))

StaleAcknowledgement(i, m) ==
    IF "AckStale" \in Known /\ m.mprevIndex = 0
    THEN {AppendEntriesResponseMessage(i, m.msource, currentTerm[i], TRUE, Len(log[i]))}
    ELSE {}

\* What is written at once is acknowledged at once; the rest when it is written (Flush).
HandleAppendEntriesRequest(i, m, c) ==
    /\ m.mtype = "AppendEntries"
    /\ m.mdest = i
    /\ Up(i)
    /\ IF m.mterm < currentTerm[i] THEN
          /\ c = commitIndex[i]
          /\ UNCHANGED <<electionVars, logVars, commitVars, verified>>
          /\ Send({AppendEntriesResponseMessage(i, m.msource, currentTerm[i], FALSE, m.mprevIndex)}
                  \cup StaleAcknowledgement(i, m))
       ELSE
          /\ role[i] # "leader" \/ m.mterm > currentTerm[i]
          /\ Follow(i, m.mterm, VoteIn(i, m.mterm))
          /\ leader' = [leader EXCEPT ![i] = m.msource]
          /\ IF Matches(i, m) THEN Accept(i, m, c)
             ELSE /\ c = commitIndex[i]
                  /\ verified' = [verified EXCEPT ![i] = IF m.mterm > currentTerm[i] THEN 0 ELSE @]
                  /\ UNCHANGED <<logVars, commitVars>>
                  /\ Answer(m.mterm, AppendEntriesResponseMessage(i, m.msource, m.mterm, FALSE,
                                                                  m.mprevIndex))

\* The match of leader i after m.
MatchAfter(i, m) ==
    [matchIndex[i] EXCEPT ![m.msource] = Max(@, Min(m.mindex, Len(log[i])))]

\* A leader that took itself out leads until that is committed.
Retires(i, c) ==
    role[i] = "leader" /\ i \notin Voters(i) /\ VotersIndex(log[i]) <= c
Retire(i) == Follow(i, currentTerm[i], votedFor[i]) /\ UNCHANGED leader

\* Those who do not lead may ignore it, or learn its term (UpdateTerm).
HandleAppendEntriesResponse(i, m, c) ==
    /\ m.mtype = "AppendEntriesResponse"
    /\ m.mdest = i
    /\ Up(i)
    /\ CASE role[i] = "leader" /\ m.mterm > currentTerm[i] ->
              c = commitIndex[i] /\ UpdateTerm(i, m.mterm)
         [] role[i] = "leader" /\ m.mterm = currentTerm[i] /\ m.msuccess ->
              /\ LeaderMayCommit(i, c, MatchAfter(i, m), stored[i])
              /\ IF Retires(i, c) THEN Retire(i)
                 ELSE /\ matchIndex' = [matchIndex EXCEPT ![i] = MatchAfter(i, m)]
                      /\ UNCHANGED <<currentTerm, votedFor, role, leader, votes, disrupts, elected>>
              /\ CommitTo(i, c, log[i])
              /\ UNCHANGED <<logVars, known, verified>>
              /\ Send({})
         [] OTHER -> c = commitIndex[i] /\ Ignore

\* A commit apart from what made it possible, of a leader or a follower.
AdvanceCommitIndex(i, c) ==
    /\ Up(i)
    /\ c > commitIndex[i]
    /\ IF role[i] = "leader" THEN LeaderMayCommit(i, c, matchIndex[i], stored[i])
       ELSE FollowerMayCommit(i, c, known[i], log[i])
    /\ IF Retires(i, c) THEN Retire(i) ELSE UNCHANGED electionVars
    /\ CommitTo(i, c, log[i])
    /\ UNCHANGED <<logVars, known, verified>>
    /\ Send({})

-----------------------------------------------------------------------------
(* Membership *)

\* Voters that leader i may name next; the same when only others than voters change.
MayChange(i, V) ==
    LET old == Voters(i) IN
    /\ role[i] = "leader"
    /\ V # {}
    /\ IF "ChangeMany" \in Known THEN TRUE ELSE Cardinality((V \ old) \cup (old \ V)) <= 1
    /\ IF "ChangeOpen" \in Known THEN TRUE ELSE VotersIndex(log[i]) <= commitIndex[i]
    /\ IF "ChangeEarly" \in Known THEN TRUE ELSE TermAt(log[i], commitIndex[i]) = currentTerm[i]

\* Of a server that is new nothing is known.
ChangeVoters(i, V) ==
    /\ MayChange(i, V)
    /\ matchIndex' = [matchIndex EXCEPT ![i] = [j \in Server |-> IF j \in Voters(i) THEN @[j] ELSE
                                                               IF j \in V THEN 0 ELSE @[j]]]
    /\ UNCHANGED <<currentTerm, votedFor, role, leader, votes, disrupts, elected>>
    /\ Extend(i, VotersEntry(currentTerm[i], V))

-----------------------------------------------------------------------------
(* Snapshots *)

\* The first k entries become a snapshot. `writes`: it is written; otherwise (the disk is to be
\* written anew anyway) Rewrite does it later.
TakeSnapshot(i, k, writes) ==
    /\ Up(i)
    /\ k > snapshotIndex[i]
    /\ k <= Len(log[i])
    /\ IF "SnapshotEarly" \in Known THEN TRUE ELSE k <= commitIndex[i]
    /\ snapshotIndex' = [snapshotIndex EXCEPT ![i] = k]
    /\ queue' = IF writes THEN [queue EXCEPT ![i] = Append(@, WriteAll(log[i], k))] ELSE queue
    /\ UNCHANGED <<electionVars, log, stored, disk, commitVars, verified>>
    /\ Send({})

\* The log is written anew, behind the snapshot.
Rewrite(i) ==
    /\ Up(i)
    /\ queue' = [queue EXCEPT ![i] = Append(@, WriteAll(log[i], snapshotIndex[i]))]
    /\ UNCHANGED <<electionVars, log, stored, disk, snapshotIndex, commitVars, verified>>
    /\ Send({})

\* The log has the last entry of a snapshot, and with it all of them.
HasSnapshot(i, m) ==
    LET last == Len(m.mlog) IN
    \/ last <= commitIndex[i]
    \/ /\ last <= Len(log[i])
       /\ \/ log[i][last].term = m.mlog[last].term
          \/ "SnapshotSkipped" \in Known /\ log[i][last].term > m.mlog[last].term

\* What is still stored when a snapshot has taken the log's place. Configurations may replace it.
StoredKept(i) == Min(stored[i], commitIndex[i])

\* A snapshot that has more than the log takes its place; otherwise it says what is committed.
Install(i, m, c, writes) ==
    LET last == Len(m.mlog)
        has == HasSnapshot(i, m)
        after == IF has THEN log[i] ELSE m.mlog
        before == IF m.mterm > currentTerm[i] THEN 0 ELSE verified[i]
        behind == Shortened(queue[i], commitIndex[i])
        ack == Acknowledgeable(stored[i], Max(before, last))
    IN
    /\ log' = [log EXCEPT ![i] = after]
    /\ snapshotIndex' = IF has THEN snapshotIndex ELSE [snapshotIndex EXCEPT ![i] = last]
    /\ stored' = IF has THEN stored ELSE [stored EXCEPT ![i] = StoredKept(i)]
    /\ queue' = IF has THEN queue
                ELSE [queue EXCEPT ![i] =
                         IF writes THEN Append(behind, WriteAll(m.mlog, last)) ELSE behind]
    /\ verified' = [verified EXCEPT ![i] = Max(before, last)]
    /\ known' = [known EXCEPT ![i] = Max(@, last)]
    /\ FollowerMayCommit(i, c, Max(known[i], last), after)
    /\ CommitTo(i, c, after)
    /\ UNCHANGED disk
    /\ IF has THEN Answer(IF ack = 0 THEN m.mterm ELSE 0,
                          AppendEntriesResponseMessage(i, m.msource, m.mterm, TRUE, ack))
       ELSE Send({})

\* It is acknowledged as entries are, when it is stored.
HandleInstallSnapshot(i, m, c, writes) ==
    /\ m.mtype = "InstallSnapshot"
    /\ m.mdest = i
    /\ Up(i)
    /\ IF m.mterm < currentTerm[i] THEN
          /\ c = commitIndex[i]
          /\ UNCHANGED <<electionVars, logVars, commitVars, verified>>
          /\ Send({AppendEntriesResponseMessage(i, m.msource, currentTerm[i], FALSE, Len(m.mlog))})
       ELSE
          /\ role[i] # "leader" \/ m.mterm > currentTerm[i]
          /\ Follow(i, m.mterm, VoteIn(i, m.mterm))
          /\ leader' = [leader EXCEPT ![i] = m.msource]
          /\ Install(i, m, c, writes)

-----------------------------------------------------------------------------
(* Writes, crashes *)

\* The oldest operation is done, and the server is told so.
Flush(i, c) ==
    /\ Up(i)
    /\ queue[i] # << >>
    /\ LET op == Head(queue[i])
           now == StoredAfter(i, op)
           ack == Acknowledgeable(now, verified[i])
       IN
       /\ disk' = [disk EXCEPT ![i] = Perform(@, op)]
       /\ queue' = [queue EXCEPT ![i] = Tail(@)]
       /\ stored' = [stored EXCEPT ![i] = now]
       /\ UNCHANGED <<log, snapshotIndex, known, verified>>
       /\ IF role[i] = "leader" THEN LeaderMayCommit(i, c, matchIndex[i], now)
          ELSE FollowerMayCommit(i, c, known[i], log[i])
       /\ IF Retires(i, c) THEN Retire(i) ELSE UNCHANGED electionVars
       /\ CommitTo(i, c, log[i])
       /\ Send(IF role[i] = "follower" /\ leader[i] # Nobody /\ ack > 0
               THEN {AppendEntriesResponseMessage(i, leader[i], currentTerm[i], TRUE, ack)}
               ELSE {})

\* The oldest operation failed; `effect`: it is on the disk all the same. `cut`: the server takes
\* the entries back, and leads no more; otherwise it keeps them, unwritten.
WriteFailed(i, effect, cut) ==
    /\ Up(i)
    /\ queue[i] # << >>
    /\ LET op == Head(queue[i]) IN
       /\ disk' = IF effect THEN [disk EXCEPT ![i] = Perform(@, op)] ELSE disk
       /\ IF cut THEN
             /\ op.first > commitIndex[i]
             /\ op.first > 0
             /\ op.first <= Len(log[i])
             /\ op.first > stored[i]
             /\ log' = [log EXCEPT ![i] = SubSeq(@, 1, op.first - 1)]
             /\ verified' = [verified EXCEPT ![i] = Min(@, op.first - 1)]
             /\ \/ /\ Follow(i, currentTerm[i], votedFor[i])
                   /\ leader' = LeaderKept(i)
                \/ "TruncateLeading" \in Known /\ UNCHANGED electionVars
          ELSE UNCHANGED <<electionVars, log, verified>>
       /\ queue' = [queue EXCEPT ![i] = IF cut THEN Shortened(Tail(@), op.first - 1) ELSE Tail(@)]
    /\ UNCHANGED <<stored, snapshotIndex, commitVars>>
    /\ Send({})

\* The server is down; what is volatile is lost.
Crash(i) ==
    /\ Up(i)
    /\ role' = [role EXCEPT ![i] = "down"]
    /\ leader' = [leader EXCEPT ![i] = Nobody]
    /\ votes' = [votes EXCEPT ![i] = {}]
    /\ disrupts' = [disrupts EXCEPT ![i] = FALSE]
    /\ matchIndex' = [matchIndex EXCEPT ![i] = NoMatch]
    /\ verified' = [verified EXCEPT ![i] = 0]
    /\ known' = [known EXCEPT ![i] = Len(InitialLog)]
    /\ commitIndex' = [commitIndex EXCEPT ![i] = Len(InitialLog)]
    /\ log' = [log EXCEPT ![i] = << >>]
    /\ stored' = [stored EXCEPT ![i] = 0]
    /\ snapshotIndex' = [snapshotIndex EXCEPT ![i] = 0]
    /\ UNCHANGED <<currentTerm, votedFor, elected, disk, queue, committed>>
    /\ Send({})

\* The server comes back, after a Crash or at once; see AfterCrash.
Restart(i, k, n) ==
    /\ k <= Len(queue[i])
    /\ n > 0 => /\ k < Len(queue[i])
               /\ queue[i][k + 1].first > 0
               /\ n < Len(queue[i][k + 1].entries)
    /\ LET left == AfterCrash(i, k, n)
           commit == Max(Len(InitialLog), left.snapshot)
       IN
       /\ disk' = [disk EXCEPT ![i] = left]
       /\ log' = [log EXCEPT ![i] = left.log]
       /\ snapshotIndex' = [snapshotIndex EXCEPT ![i] = left.snapshot]
       /\ stored' = [stored EXCEPT ![i] = Len(left.log)]
       /\ known' = [known EXCEPT ![i] = commit]
       /\ commitIndex' = [commitIndex EXCEPT ![i] = commit]
    /\ queue' = [queue EXCEPT ![i] = << >>]
    /\ role' = [role EXCEPT ![i] = "follower"]
    /\ leader' = [leader EXCEPT ![i] = Nobody]
    /\ votes' = [votes EXCEPT ![i] = {}]
    /\ disrupts' = [disrupts EXCEPT ![i] = FALSE]
    /\ matchIndex' = [matchIndex EXCEPT ![i] = NoMatch]
    /\ verified' = [verified EXCEPT ![i] = 0]
    /\ \/ UNCHANGED <<currentTerm, votedFor>>
       \/ /\ "VoteLost" \in Known
          /\ votedFor' = [votedFor EXCEPT ![i] = Nobody]
          /\ UNCHANGED currentTerm
       \/ /\ "TermLost" \in Known
          /\ currentTerm' = [currentTerm EXCEPT ![i] = 1]
          /\ votedFor' = [votedFor EXCEPT ![i] = Nobody]
    /\ UNCHANGED <<elected, committed>>
    /\ Send({})

-----------------------------------------------------------------------------
(* Transfer of leadership *)

TransferLeadership(i, j) ==
    LET m == TimeoutNowMessage(i, j, currentTerm[i], log[i]) IN
    /\ MaySend(i, m)
    /\ UNCHANGED <<electionVars, logVars, commitVars, verified>>
    /\ Send({m})

\* Only a follower of the sender that has the sender's log campaigns at once.
HandleTimeoutNow(i, m) ==
    /\ m.mtype = "TimeoutNow"
    /\ m.mdest = i
    /\ Up(i)
    /\ IF role[i] # "follower" \/ leader[i] # m.msource \/ m.mterm < currentTerm[i] THEN Ignore
       ELSE IF m.mlastIndex = Len(log[i]) /\ m.mlastTerm = LastTerm(log[i]) /\ i \in Voters(i)
       THEN Campaign(i, m.mterm + 1, TRUE)
       ELSE IF m.mterm > currentTerm[i] THEN UpdateTerm(i, m.mterm) ELSE Ignore

-----------------------------------------------------------------------------
Init ==
    /\ currentTerm = [i \in Server |-> 1]
    /\ votedFor = [i \in Server |-> Nobody]
    /\ disk = [i \in Server |-> [snapshot |-> 0, log |-> InitialLog]]
    /\ queue = [i \in Server |-> << >>]
    /\ snapshotIndex = [i \in Server |-> 0]
    /\ role = [i \in Server |-> "follower"]
    /\ leader = [i \in Server |-> Nobody]
    /\ votes = [i \in Server |-> {}]
    /\ disrupts = [i \in Server |-> FALSE]
    /\ log = [i \in Server |-> InitialLog]
    /\ stored = [i \in Server |-> Len(InitialLog)]
    /\ verified = [i \in Server |-> 0]
    /\ known = [i \in Server |-> Len(InitialLog)]
    /\ commitIndex = [i \in Server |-> Len(InitialLog)]
    /\ matchIndex = [i \in Server |-> NoMatch]
    /\ messages = {}
    /\ elected = {}
    /\ committed = [k \in 1 .. Len(InitialLog) |->
                       [entry |-> InitialLog[k], in |-> 0, by |-> VotersOf(InitialLog)]]

-----------------------------------------------------------------------------
(* Properties *)

IsLog(l) == \A k \in 1 .. Len(l) : l[k].term \in Nat

TypeOK ==
    \A i \in Server :
        /\ currentTerm[i] \in Nat
        /\ votedFor[i] \in Server \cup {Nobody}
        /\ role[i] \in {"follower", "precandidate", "candidate", "leader", "down"}
        /\ leader[i] \in Server \cup {Nobody}
        /\ votes[i] \subseteq Server
        /\ disrupts[i] \in BOOLEAN
        /\ IsLog(log[i]) /\ IsLog(disk[i].log)
        /\ snapshotIndex[i] \in 0 .. Len(log[i]) /\ disk[i].snapshot \in 0 .. Len(disk[i].log)
        /\ stored[i] \in 0 .. Len(log[i])
        /\ verified[i] \in Nat /\ known[i] \in Nat
        /\ commitIndex[i] \in Nat
        /\ matchIndex[i] \in [Server -> Nat]

\* At most one leader is elected in a term.
ElectionSafety == \A a, b \in elected : a.term = b.term => a.server = b.server

\* Logs that agree on the term of an entry agree up to it.
LogMatching ==
    \A i, j \in Server : \A k \in 1 .. Min(Len(log[i]), Len(log[j])) :
        log[i][k].term = log[j][k].term => SubSeq(log[i], 1, k) = SubSeq(log[j], 1, k)

\* What was committed in a term is in the logs of leaders of that and of later terms.
LeaderCompleteness ==
    \A i \in Server : role[i] = "leader" =>
        \A k \in 1 .. Len(committed) : committed[k].in <= currentTerm[i] =>
            k <= Len(log[i]) /\ log[i][k] = committed[k].entry

\* No two servers commit different entries at the same place, ever.
StateMachineSafety ==
    \A i \in Server : Up(i) =>
        \A k \in 1 .. commitIndex[i] : /\ k <= Len(log[i])
                                       /\ k <= Len(committed)
                                       /\ log[i][k] = committed[k].entry

\* Whatever crashes do to the disks, a majority keeps what was committed: of the voters by whom it was.
Durability ==
    \A k \in 1 .. Len(committed) :
        IsQuorum(committed[k].by,
                 {i \in Server : \A done \in 0 .. Len(queue[i]) :
                     LET left == AfterCrash(i, done, 0).log IN
                     k <= Len(left) /\ left[k] = committed[k].entry})

\* What is called stored is stored.
StoredIsDurable ==
    \A i \in Server : \A done \in 0 .. Len(queue[i]) :
        LET left == AfterCrash(i, done, 0).log IN
        stored[i] <= Len(left) /\ \A k \in 1 .. stored[i] : left[k] = log[i][k]
=============================================================================
