---- MODULE module_4201_kind ----
EXTENDS Integers, Sequences

ASSUME Append(1 .. 3, 4) = <<>> \/ 1 + "a" = 2
====
