---- MODULE S5 ----
EXTENDS Naturals
(* PlusCal options (label) *)
(*--algorithm S5 { variable x = 0, y = 0; 
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
====
