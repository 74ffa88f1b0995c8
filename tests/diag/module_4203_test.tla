---- MODULE module_4203_test ----
EXTENDS Sequences, Integers

ASSUME SelectSeq(<<1, 2>>, LAMBDA x : x + 1) = <<>>
====
