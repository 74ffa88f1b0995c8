---- MODULE module_4211_form ----
EXTENDS IOUtils, Integers

ASSUME IOSerialize(<<2 ^ 40>>, "/dev/null", FALSE)
====
