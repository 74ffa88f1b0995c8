---- MODULE eval_4300_boolean ----
EXTENDS Naturals
VARIABLES door, tries
Init == door = "shut" /\ tries = 0
Open == tries < 3 /\ door' = "open" /\ tries' = tries + 1
Next == Open
Good == door = "shut" \/ tries
====
