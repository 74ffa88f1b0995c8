---- MODULE Sequence ----
EXTENDS Naturals
(* PlusCal options (label) *)
(*--algorithm Sequence { variable x = 0, y = 0; 
 macro W(s) { while (x < s) { x := x + s } ; y := y || x := s }
 macro N(s) { W(s + 1); y := /\ s
                             /\ x }
 { x := 1; N(/\ x
             /\ y
               \/ x); x := 2; y := 1; x := [x EXCEPT ![1] = @ + 1];
   if (x = 1) { x := 3; x := 4 }; 
   L1: with (q = 1) { x := 1; y := 2 } ; L2: with (q \in x) { if (y = 2) { x := 1 } else { y := 4 ; x := 2} };
   L3: either { x := 1 } or { y := 1; x := 2; y := 2} ;
   while (x > 1 ) x := 2;
   }
} *)
\* BEGIN TRANSLATION (chksum(pcal) = "17064220" /\ chksum(tla) = "fa8e6928")
VARIABLES pc, x, y

vars == << pc, x, y >>

Init == (* Global variables *)
        /\ x = 0
        /\ y = 0
        /\ pc = "Lbl_1"

Lbl_1 == /\ pc = "Lbl_1"
         /\ x' = 1
         /\ pc' = "Lbl_2"
         /\ y' = y

Lbl_2 == /\ pc = "Lbl_2"
         /\ IF x < ((/\ x
                     /\ y
                       \/ x) + 1)
               THEN /\ x' = x + ((/\ x
                                  /\ y
                                    \/ x) + 1)
                    /\ pc' = "Lbl_2"
                    /\ y' = y
               ELSE /\ /\ x' = (/\ x
                                /\ y
                                  \/ x) + 1
                       /\ y' = y
                    /\ pc' = "Lbl_3"

Lbl_3 == /\ pc = "Lbl_3"
         /\ y' = (/\ (/\ x
                      /\ y
                        \/ x)
                  /\ x)
         /\ x' = 2
         /\ pc' = "Lbl_4"

Lbl_4 == /\ pc = "Lbl_4"
         /\ y' = 1
         /\ x' = [x EXCEPT ![1] = @ + 1]
         /\ IF x' = 1
               THEN /\ pc' = "Lbl_5"
               ELSE /\ pc' = "L1"

Lbl_5 == /\ pc = "Lbl_5"
         /\ x' = 3
         /\ pc' = "Lbl_6"
         /\ y' = y

Lbl_6 == /\ pc = "Lbl_6"
         /\ x' = 4
         /\ pc' = "L1"
         /\ y' = y

L1 == /\ pc = "L1"
      /\ LET q == 1 IN
           /\ x' = 1
           /\ y' = 2
      /\ pc' = "L2"

L2 == /\ pc = "L2"
      /\ \E q \in x:
           IF y = 2
              THEN /\ x' = 1
                   /\ y' = y
              ELSE /\ y' = 4
                   /\ x' = 2
      /\ pc' = "L3"

L3 == /\ pc = "L3"
      /\ \/ /\ x' = 1
            /\ pc' = "Lbl_8"
            /\ y' = y
         \/ /\ y' = 1
            /\ x' = 2
            /\ pc' = "Lbl_7"

Lbl_7 == /\ pc = "Lbl_7"
         /\ y' = 2
         /\ pc' = "Lbl_8"
         /\ x' = x

Lbl_8 == /\ pc = "Lbl_8"
         /\ IF x > 1
               THEN /\ x' = 2
                    /\ pc' = "Lbl_8"
               ELSE /\ pc' = "Done"
                    /\ x' = x
         /\ y' = y

(* Allow infinite stuttering to prevent deadlock on termination. *)
Terminating == pc = "Done" /\ UNCHANGED vars

Next == Lbl_1 \/ Lbl_2 \/ Lbl_3 \/ Lbl_4 \/ Lbl_5 \/ Lbl_6 \/ L1 \/ L2
           \/ L3 \/ Lbl_7 \/ Lbl_8
           \/ Terminating

Spec == Init /\ [][Next]_vars

Termination == <>(pc = "Done")

\* END TRANSLATION 
====
