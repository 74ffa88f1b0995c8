---- MODULE config_4001_set ----
CONSTANT Values
ASSUME Values # {}
====
