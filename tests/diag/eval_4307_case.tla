---- MODULE eval_4307_case ----
EXTENDS Naturals
VARIABLE light
Init == light = "red"
After(now) == CASE now = "red" -> "green"
                [] now = "green" -> "yellow"
Next == light' = After(light)
====
