---- MODULE eval_4303_next ----
EXTENDS Naturals
VARIABLE count
Init == count = 0
Next == count' = (count + 1) % 3
Seen == <<count, count'>>
====
