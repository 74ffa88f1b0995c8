---- MODULE S4 ----
EXTENDS Naturals
(* PlusCal options (wf,label, labelRoot Q) *)
(*--algorithm S4 { variable x = 0; 
 macro W(s) { while (x < s) { x := x + s } }
 macro N(s) { W(s + 1) }
 process (a = 0) { while (TRUE) { with (i \in 1..2) { if (i = 1) x := i; else { x := (x
    + i) * i } } } }
 process (b \in {1}) { while (TRUE) skip }
 fair+ process (c \in {2} \X {-1}) { while (TRUE) { x := -1 } }
} *)
====
