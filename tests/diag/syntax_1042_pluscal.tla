---- MODULE syntax_1042_pluscal ----
(*
--algorithm Count {
  variable x = 0;
  {
    x := 1
    skip
  }
}
*)
====
