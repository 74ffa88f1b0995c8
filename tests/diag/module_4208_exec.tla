---- MODULE module_4208_exec ----
EXTENDS IOUtils

ASSUME IOExec(<<"true">>).exitValue = 0
====
