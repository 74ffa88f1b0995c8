---- MODULE Options ----
EXTENDS Naturals
(* PlusCal options (wf,label, labelRoot Q) *)
(*--algorithm Options { variable x = 0; 
 macro W(s) { while (x < s) { x := x + s } }
 macro N(s) { W(s + 1) }
 process (a = 0) { while (TRUE) { with (i \in 1..2) { if (i = 1) x := i; else { x := (x
    + i) * i } } } }
 process (b \in {1}) { while (TRUE) skip }
 fair+ process (c \in {2} \X {-1}) { while (TRUE) { x := -1 } }
} *)
\* BEGIN TRANSLATION (chksum(pcal) = "852f1244" /\ chksum(tla) = "af22bcdb")
VARIABLE x

vars == << x >>

ProcSet == {0} \cup ({1}) \cup ({2} \X {-1})

Init == (* Global variables *)
        /\ x = 0

a == \E i \in 1..2:
       IF i = 1
          THEN /\ x' = i
          ELSE /\ x' =                                                                                  (x
                       + i) * i

b(self) == /\ TRUE
           /\ x' = x

c(self) == x' = -1

Next == a
           \/ (\E self \in {1}: b(self))
           \/ (\E self \in {2} \X {-1}: c(self))

Spec == /\ Init /\ [][Next]_vars
        /\ WF_vars(a)
        /\ \A self \in {1} : WF_vars(b(self))
        /\ \A self \in {2} \X {-1} : SF_vars(c(self))

\* END TRANSLATION 
====
