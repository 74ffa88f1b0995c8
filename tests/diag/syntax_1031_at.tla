---- MODULE syntax_1031_at ----
a(@) == 1
====
