---- MODULE syntax_1045_pluscal ----
(*
--algorithm Count {
  variable x = 0;
  process (p \in {1, 2}) {
    a: while (x < 10) {
      x := x + 1;
      x := x * 2
    }
  }
}
*)
====
