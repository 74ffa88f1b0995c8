---- MODULE syntax_1033_step ----
THEOREM TRUE
<*>a. TRUE
<*> QED
====
