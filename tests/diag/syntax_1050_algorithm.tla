---- MODULE syntax_1050_algorithm ----
Two == 2
====
