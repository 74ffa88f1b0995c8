---- MODULE eval_4316_key ----
EXTENDS TLC
ASSUME TLCSet("count", 0)
====
