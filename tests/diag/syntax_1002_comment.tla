---- MODULE syntax_1002_comment ----
(* a comment (* and one inside *)
a == 1
====
