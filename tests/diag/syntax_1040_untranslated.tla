---- MODULE syntax_1040_untranslated ----
(*
--algorithm Count {
  variable x = 0;
  { x := 1 }
}
*)
Init == TRUE
====
