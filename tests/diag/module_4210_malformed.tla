---- MODULE module_4210_malformed ----
EXTENDS Json

ASSUME JsonDeserialize("module_4210_malformed.json") = 1
====
