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
====
