---- MODULE syntax_1047_translated ----
(*
--algorithm Count {
  variable x = 0;
  {
    x := 1
    skip
  }
}
*)
\* BEGIN TRANSLATION (chksum(pcal) = "1" /\ chksum(tla) = "cf329aa")
a == 1
b == 2
\* END TRANSLATION
====
