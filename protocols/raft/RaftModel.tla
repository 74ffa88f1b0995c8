------------------------------ MODULE RaftModel ------------------------------
(* Models of Raft that are small enough to be checked: the steps of Raft.tla under
   bounds on terms and logs.

   What a server may say at any time it says at once, since a message that nobody
   receives yet is as good as one that is not sent: so leaders' messages are a
   function of what they did, and not one state more for each choice of them. For the
   same reason handlers commit as far as they may.

   Mistakes of Raft.tla are switched on by Known; README.md lists which property each
   breaks. *)
EXTENDS Raft

CONSTANTS
    MaxTerm,    \* the last term in which somebody campaigns
    MaxLog,     \* entries of a leader's log
    Writing,    \* terms in which clients ask for something
    Crashes,    \* servers that may crash
    Fails,      \* servers whose writes may fail
    Even, Odd,  \* servers that campaign in terms of even, of odd number
    Transfer,   \* leaders hand over
    Compacts,   \* servers that take snapshots
    Changes     \* sets of voters that leaders may name

Symmetry == {f \in [Server -> Server] : \A a, b \in Server : f[a] = f[b] => a = b}

Sent(i, j, prev, last) ==
    AppendEntriesMessage(i, j, currentTerm[i], prev, TermAt(log[i], prev),
                         SubSeq(log[i], prev + 1, last), commitIndex[i])
Others(i) == Server \ {i}

Snapshot(i) ==
    IF snapshotIndex[i] = 0 THEN {}
    ELSE {InstallSnapshotMessage(i, j, currentTerm[i], SubSeq(log[i], 1, snapshotIndex[i])) :
             j \in Others(i)}

\* From each place of the log on everything, or nothing.
Replication(i) ==
    UNION {{Sent(i, j, prev, last) : last \in {prev, Len(log[i])}} :
              j \in Others(i), prev \in snapshotIndex[i] .. Len(log[i])}
Handover(i) ==
    IF Transfer THEN {TimeoutNowMessage(i, j, currentTerm[i], log[i]) : j \in Others(i)} ELSE {}

Leaders == {i \in Server : role[i] = "leader"}
\* For Unasked: all that, or only the whole log, for models of many terms.
AllSaid == UNION {Replication(i) \cup Snapshot(i) \cup Handover(i) : i \in Leaders}
LogSaid ==
    UNION {{Sent(i, j, snapshotIndex[i], Len(log[i])) : j \in Others(i)}
           \cup Snapshot(i) \cup Handover(i) : i \in Leaders}

\* The whole log of the last leader only: to others one is as good as no leader.
LastSaid ==
    UNION {{Sent(i, j, snapshotIndex[i], Len(log[i])) : j \in Voters(i) \ {i}} :
              i \in {i \in Leaders : \A j \in Leaders : currentTerm[j] <= currentTerm[i]}}

\* How far leader i can commit with what others acknowledged and it stored itself.
Commits(i, match, own) ==
    LET agreed == {c \in commitIndex[i] + 1 .. Len(log[i]) : Agreed(i, c, match, own)} IN
    IF agreed = {} THEN commitIndex[i] ELSE CHOOSE c \in agreed : \A other \in agreed : other <= c

CommitOnResponse(i, m) ==
    IF role[i] = "leader" /\ m.mterm = currentTerm[i] /\ m.msuccess
    THEN Commits(i, MatchAfter(i, m), stored[i])
    ELSE commitIndex[i]

CommitOnFlush(i) ==
    IF role[i] = "leader"
    THEN Commits(i, matchIndex[i], StoredAfter(i, Head(queue[i])))
    ELSE commitIndex[i]

\* How far a snapshot says that entries are committed.
CommitOnSnapshot(i, m) ==
    IF m.mterm < currentTerm[i] THEN commitIndex[i] ELSE Max(commitIndex[i], Len(m.mlog))

MayCampaign(i, t) == t <= MaxTerm /\ i \in IF t % 2 = 0 THEN Even ELSE Odd

Next ==
    \/ \E i \in Server : MayCampaign(i, currentTerm[i] + 1) /\ Timeout(i)
    \/ \E i \in Server : StepDown(i)
    \/ \E i \in Server, v \in Value :
          Len(log[i]) < MaxLog /\ currentTerm[i] \in Writing /\ ClientRequest(i, v)
    \/ \E i \in Server, V \in Changes :
          Len(log[i]) < MaxLog /\ V # Voters(i) /\ ChangeVoters(i, V)
    \/ \E i \in Compacts : \E k \in 1 .. Len(log[i]) : TakeSnapshot(i, k, TRUE)
    \/ \E m \in messages : HandleRequestVoteRequest(m.mdest, m)
    \/ \E m \in messages : HandleRequestVoteResponse(m.mdest, m)
    \/ \E m \in messages :
          /\ m.mtype = "AppendEntries"
          /\ HandleAppendEntriesRequest(m.mdest, m, CommitTold(m.mdest, m))
    \/ \E m \in messages :
          /\ m.mtype = "AppendEntriesResponse"
          /\ HandleAppendEntriesResponse(m.mdest, m, CommitOnResponse(m.mdest, m))
    \/ \E m \in messages :
          /\ m.mtype = "TimeoutNow"
          /\ MayCampaign(m.mdest, m.mterm + 1)
          /\ HandleTimeoutNow(m.mdest, m)
    \/ \E m \in messages :
          /\ m.mtype = "InstallSnapshot"
          /\ HandleInstallSnapshot(m.mdest, m, CommitOnSnapshot(m.mdest, m), TRUE)
    \/ \E i \in Server : queue[i] # << >> /\ Flush(i, CommitOnFlush(i))
    \/ \E i \in Fails, cut \in BOOLEAN : WriteFailed(i, FALSE, cut)
    \/ \E i \in Crashes : \E k \in 0 .. Len(queue[i]) : Restart(i, k, 0)

Spec == Init /\ [][Next]_vars

\* Writes that fail and are asked for again can pile up without end.
ShortQueues == \A i \in Server : Len(queue[i]) <= 2

\* Starts in term 3, which the server of Odd leads: servers with logs, nothing under way. Those of
\* `behind` still lead in term 2.
Start(LogOf(_), behind) ==
    LET first == CHOOSE i \in Even : TRUE
        second == CHOOSE i \in Odd : TRUE
    IN
    /\ currentTerm = [i \in Server |-> IF i \in behind THEN 2 ELSE 3]
    /\ votedFor = [i \in Server |-> IF i \in behind THEN i ELSE IF i \in Even THEN Nobody ELSE second]
    /\ disk = [i \in Server |-> [snapshot |-> 0, log |-> LogOf(i)]]
    /\ queue = [i \in Server |-> << >>]
    /\ snapshotIndex = [i \in Server |-> 0]
    /\ role = [i \in Server |-> IF i \in Odd \cup behind THEN "leader" ELSE "follower"]
    /\ leader = [i \in Server |-> Nobody]
    /\ votes = [i \in Server |-> {}]
    /\ disrupts = [i \in Server |-> FALSE]
    /\ log = [i \in Server |-> LogOf(i)]
    /\ stored = [i \in Server |-> Len(LogOf(i))]
    /\ verified = [i \in Server |-> 0]
    /\ known = [i \in Server |-> 0]
    /\ commitIndex = [i \in Server |-> 0]
    /\ matchIndex = [i \in Server |-> NoMatch]
    /\ messages = {RequestVoteMessage(second, i, 3, LogOf(second), FALSE, FALSE) : i \in behind}
    /\ elected = {[term |-> 2, server |-> first], [term |-> 3, server |-> second]}
    /\ committed = << >>

\* Figure 3.7 (b) of the dissertation: the server of Even wrote an entry in term 2 and told nobody,
\* that of Odd leads in term 3 and wrote another.
TwoEntries ==
    LET LogOf(i) ==
            LET Entry(t) == ValueEntry(t, CHOOSE v \in Value : TRUE) IN
            IF i \in Even THEN <<Entry(2)>> ELSE IF i \in Odd THEN <<Entry(3)>> ELSE << >>
    IN Start(LogOf, {})
Later == TwoEntries /\ [][Next]_vars

\* Logs without entries.
Led == (LET LogOf(i) == << >> IN Start(LogOf, {})) /\ [][Next]_vars

\* The same, but the server of Even does not know yet that it leads no more.
TwoLeaders == LET LogOf(i) == << >> IN Start(LogOf, Even)
Both == TwoLeaders /\ [][Next]_vars
=============================================================================
