---- MODULE eval_4315_key ----
EXTENDS TLC
ASSUME TLCGet("depth") = 0
====
