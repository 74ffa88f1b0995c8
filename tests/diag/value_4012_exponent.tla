---- MODULE value_4012_exponent ----
EXTENDS Integers

ASSUME 2^(-1) = 0
====
