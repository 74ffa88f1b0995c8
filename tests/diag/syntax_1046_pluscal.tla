---- MODULE syntax_1046_pluscal ----
(*
--algorithm Count {
  variable x = 0;
  {
    a: x := 1;
       goto b
  }
}
*)
====
