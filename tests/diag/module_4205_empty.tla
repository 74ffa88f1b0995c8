---- MODULE module_4205_empty ----
EXTENDS Sequences

ASSUME Head(<<>>) = 1
====
