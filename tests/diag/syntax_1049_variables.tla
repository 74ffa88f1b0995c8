---- MODULE syntax_1049_variables ----
(*
--algorithm Count {
  {
    while (TRUE) {
      skip
    }
  }
}
*)
====
