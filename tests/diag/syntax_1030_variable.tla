---- MODULE syntax_1030_variable ----
THEOREM ASSUME VARIABLE f(_) PROVE f(1)
====
