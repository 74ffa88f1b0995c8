---- MODULE syntax_1048_twice ----
(*
--algorithm Count {
  variables x = 0, y = 0;
  {
    x := 1 || y := 2 || x := 3
  }
}
*)
====
