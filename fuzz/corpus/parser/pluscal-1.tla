---- MODULE P ----
(* --algorithm X {
} *)
\* BEGIN TRANSLATION (chksum(pcal) \in STRING /\ chksum(tla) \in STRING)
a == 1
\* END TRANSLATION 
(* --fairness --fair  x *)====
