\* recorded: TLC cc6b616
\* expect: ok, 26100 distinct, 78201 generated, depth 279
---- MODULE NativeWiden ----
(* States far beyond those that shapes are made from: the queue grows to many times the length that
   a sample sees, and its numbers with it. Code is made anew for wider shapes on the way, and states
   of several layouts stand side by side. *)
EXTENDS Integers, Sequences

VARIABLES queue, left, right

TypeOK == left \in 0..9 /\ right \in 0..9
Init == queue = <<>> /\ left = 0 /\ right = 0
Grow == /\ Len(queue) < 260
        /\ queue' = Append(queue, (Len(queue) * Len(queue)) \div 50)
        /\ UNCHANGED <<left, right>>
Turn == /\ \/ left' = (left + 1) % 10 /\ right' = right
           \/ right' = (right + 1) % 10 /\ left' = left
        /\ UNCHANGED queue
Next == Grow \/ Turn
====
