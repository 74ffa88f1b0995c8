---- MODULE eval_4315_argument ----
EXTENDS TLC
ASSUME TLCGet(TRUE) = 0
====
