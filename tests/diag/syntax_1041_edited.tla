---- MODULE syntax_1041_edited ----
(*
--algorithm Count
  variable x = 0;
begin
  x := 1
end algorithm
*)
\* BEGIN TRANSLATION (chksum(pcal) = "1" /\ chksum(tla) = "cf329aa")
a == 1
b == 2
\* END TRANSLATION
====
