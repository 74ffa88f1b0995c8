---- MODULE syntax_1051_option ----
(* PlusCal options (wf, -linewidth 70) *)
(* --algorithm Count {
  variable x = 0;
  process (p \in {1, 2}) {
    a: x := 1
  }
} *)
====
