---- MODULE value_4007_enumerate ----
EXTENDS Naturals

ASSUME \A n \in Nat : n >= 0
====
