---- MODULE config_3039_both ----
VARIABLE x
Init == x = 0
Next == x' = x
Inv == x = 0
Spec == Init /\ [][Next]_x
====
