---- MODULE M ----
  /\ b
VARIABLE v(_)
CONSTANT _ y
====