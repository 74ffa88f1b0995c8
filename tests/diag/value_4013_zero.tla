---- MODULE value_4013_zero ----
EXTENDS Integers

ASSUME 0^0 = 1
====
