---- MODULE syntax_1050_place ----
(* --algorithm Count {
  variable x = 0;
  {
    x := 1
  }
} *) Two == 2
====
