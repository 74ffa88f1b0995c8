---- MODULE value_4017_state ----
EXTENDS Naturals

VARIABLE x

Init == x = Nat
Next == UNCHANGED x
====
