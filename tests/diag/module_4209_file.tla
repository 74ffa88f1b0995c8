---- MODULE module_4209_file ----
EXTENDS Json

ASSUME JsonDeserialize("no-such-file.json") = 1
====
