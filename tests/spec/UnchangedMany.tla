---------------------------- MODULE UnchangedMany ----------------------------
\* More successors that equal their parent than a batch holds, and then an error: what was delivered
\* of them before counts once.
\* recorded: TLC cc6b616
\* expect: error FM4004, exit 75, 1102 distinct, 617057 generated, depth 6, trace 5
EXTENDS Naturals

VARIABLES x, y

Init == x = 0 /\ y = 0

Below == [n \in 0 .. 3 |-> n]

Next == \/ \E n \in 1 .. 300 : n > x /\ x' = x /\ y' = y
        \/ \E n \in 1 .. 200 : x' = x /\ y' = n
        \/ \E n \in 1 .. 150 : n # y /\ x' = x /\ y' = y
        \/ \E n \in 201 .. 220 : x' = x /\ y' = n
        \/ \E n \in 301 .. 330 : n # y /\ x' = x /\ y' = y
        \/ x' = x + 1 /\ y' = Below[x]
==============================================================================
