---- MODULE module_4207_register ----
EXTENDS TLC

ASSUME TLCGet(42) = 0
====
