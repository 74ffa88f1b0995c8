---- MODULE module_4212_program ----
EXTENDS IOUtils

ASSUME IOExec(<<"/no/such/program">>).exitValue = 0
====
