---- MODULE module_4206_index ----
EXTENDS Sequences

ASSUME SubSeq(<<1, 2>>, 1, 3) = <<1, 2>>
====
