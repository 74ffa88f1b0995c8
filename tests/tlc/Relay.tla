------------------------------- MODULE Relay -------------------------------
EXTENDS Integers, Sequences, TLC

CONSTANT Mode

VARIABLES queue, count, last

vars == <<queue, count, last>>

Init == /\ queue = << >>
        /\ count = 0
        /\ last = [from |-> "none", number |-> 0]

Put(n) == /\ Len(queue) < 2
          /\ count < 4
          /\ queue' = Append(queue, [from |-> "put", number |-> n])
          /\ count' = count + 1
          /\ UNCHANGED last

Weight(m) == IF m.number = 2 /\ Mode = "field" THEN m.weight ELSE m.number

Take == /\ queue # << >>
        /\ Mode = "assert" => Assert(count < 2, "the count is not below 2")
        /\ Mode = "print" => PrintT(<<"last", last>>)
        /\ last' = Head(queue)
        /\ queue' = Tail(queue)
        /\ count' = IF Mode = "deadlock" THEN count ELSE count - 1 + Weight(Head(queue)) - last'.number

Next == Take \/ \E n \in 1..2 : Put(n)

Spec == Init /\ [][Next]_vars

Small == Mode = "first" => last.number > count
Good == Mode = "invariant" => Weight([number |-> 2]) + last.weight > count
=============================================================================
