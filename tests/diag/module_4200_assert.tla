---- MODULE module_4200_assert ----
EXTENDS TLC, Integers

ASSUME Assert(1 = 2, <<"numbers differ", 1, 2>>)
====
