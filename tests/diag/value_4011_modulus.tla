---- MODULE value_4011_modulus ----
EXTENDS Integers

ASSUME 7 % -2 = 1
====
