---- MODULE eval_4301_decimal ----
EXTENDS Reals
Rate == 0.25
ASSUME Rate \in Real
====
