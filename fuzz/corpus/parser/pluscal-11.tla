---- MODULE syntax_1043_pluscal ----
(*
--algorithm Count {
  variable x = 0;
  {
    x := (1 + 2;
    x := 1
  }
}
*)
\* BEGIN TRANSLATION
a == 1
b == 2
\* END TRANSLATION
====
