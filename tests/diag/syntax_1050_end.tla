---- MODULE syntax_1050_end ----
(* --algorithm Count {
  variable x = 0;
  {
    x := 1
  }
} *)
\* BEGIN TRANSLATION
====
