\* recorded: TLC cc6b616
\* expect: ok, 15 distinct, 25 generated, depth 7
---- MODULE Cup ----
EXTENDS Naturals
VARIABLES msgs, n
Init == msgs = {} /\ n = 0
Send == n < 3 /\ msgs' = msgs \cup {[type |-> "req", id |-> n]} /\ n' = n + 1
Reply == \E q \in msgs : /\ q.type = "req"
                         /\ msgs' = (msgs \ {q}) \cup {[type |-> "ack", id |-> q.id, to |-> {q.id}]}
                         /\ UNCHANGED n
Next == Send \/ Reply
Types == \A q \in msgs : q.type \in {"req", "ack"} /\ ("to" \in DOMAIN q => q.to = {q.id})
====
