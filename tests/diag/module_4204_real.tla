---- MODULE module_4204_real ----
EXTENDS Reals

ASSUME 1 / 2 < 1
====
