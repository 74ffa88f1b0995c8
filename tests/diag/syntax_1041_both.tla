---- MODULE syntax_1041_both ----
(*
--algorithm Count {
  variable x = 0;
  { x := 1 }
}
*)
\* BEGIN TRANSLATION (chksum(pcal) = "1" /\ chksum(tla) = "2")
a == 1
b == 2
\* END TRANSLATION
====
