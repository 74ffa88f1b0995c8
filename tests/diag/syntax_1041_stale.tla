---- MODULE syntax_1041_stale ----
(*
--fair algorithm Count {
  variable x = 0;
  { x := 1 }
}
*)
\* BEGIN TRANSLATION (chksum(pcal) = "7c28162a" /\ chksum(tla) = "cf329aa")
a == 1
b == 3
\* END TRANSLATION
====
