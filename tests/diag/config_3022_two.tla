---- MODULE config_3022_two ----
EXTENDS Naturals
VARIABLES x, y
vars == <<x, y>>
Init == x = 0 /\ y = 0
Next == x' = 1 - x /\ UNCHANGED y
Other == y' = 1 - y /\ UNCHANGED x
Spec == Init /\ [][Next]_vars /\ [][Other]_vars
====
