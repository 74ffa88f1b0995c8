---- MODULE value_4014_integer ----
EXTENDS Integers

ASSUME 7^(7^20) > 0
====
