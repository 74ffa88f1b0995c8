---- MODULE syntax_1005_bytes ----
(* café is fine here *)
a == café
====
