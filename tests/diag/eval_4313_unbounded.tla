---- MODULE eval_4313_unbounded ----
EXTENDS Naturals
ASSUME \A n : n * n >= n
====
