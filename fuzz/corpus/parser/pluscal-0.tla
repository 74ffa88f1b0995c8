---- MODULE P ----
(* --fair algorithm X {
} *)
\* BEGIN TRANSLATION (chksum(pcal) = "1" /\ checksum(TLA+) = "cf329aa0")
a == 1
b == 2
\* END TRANSLATION 
====
