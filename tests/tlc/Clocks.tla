------------------------------- MODULE Clocks -------------------------------
(* Clocks that tick, stop and are set by each other. For the counts of expressions. *)
EXTENDS Integers, FiniteSets, Sequences

CONSTANTS N

VARIABLES time, on, log

Clock == 1..N
Map(Op(_), s) == [i \in 1..Len(s) |-> Op(s[i])]
Most[i \in 0..N] == IF i = 0 THEN 0 ELSE IF time[i] > Most[i - 1] THEN time[i] ELSE Most[i - 1]
Running == {c \in Clock : on[c]}
Later(a, b) == time[a] > time[b]
Ahead(c) == \E d \in Clock \ {c} : Later(d, c)

Init == time = [c \in Clock |-> 0] /\ on = [c \in Clock |-> TRUE] /\ log = << >>

Tick(c) == /\ on[c] /\ time[c] < 2
           /\ time' = [time EXCEPT ![c] = @ + 1]
           /\ UNCHANGED on
           /\ log' = IF Len(log) < 2 THEN Append(log, c) ELSE <<c>>

Stop(c) == on[c] /\ Cardinality(Running) > 1 /\ on' = [on EXCEPT ![c] = ~@] /\ UNCHANGED <<time, log>>

Set(c, d) == /\ c # d
             /\ Ahead(c) => Later(d, c)
             /\ ~on[c]
             /\ LET t == time[d] IN time' = [time EXCEPT ![c] = t]
             /\ on' = [on EXCEPT ![c] = TRUE]
             /\ log' = Map(LAMBDA x : IF x = c THEN d ELSE x, log)

Rest == \A c \in Clock : time[c] = 2 /\ UNCHANGED <<time, on, log>>

Next == \/ \E c \in Clock : Tick(c) \/ Stop(c)
        \/ \E c, d \in Clock : Set(c, d)
        \/ Rest

Fine == \/ time = [c \in Clock |-> 2]
        \/ /\ Running # {}
           /\ Most[N] <= 2
           /\ LET x == CHOOSE c \in Clock : \A d \in Clock : time[c] >= time[d]
              IN x \in Clock /\ time[x] >= 0
Pairs == \A p \in Clock, q \in Clock : p = q \/ {p, q} \subseteq DOMAIN time
NotLong == Len(log) <= 2
Slow == time'[1] - time[1] <= 1
=============================================================================
