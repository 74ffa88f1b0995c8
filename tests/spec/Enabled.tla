\* recorded: TLC cc6b616
\* expect: ok, 15 distinct, 48 generated, depth 5
---- MODULE Enabled ----
EXTENDS Naturals
VARIABLES x, y
vars == <<x, y>>
Init == x = 0 /\ y = 0
Up == x < 3 /\ x' = x + 1 /\ y' = y
Move == \E d \in 1..2 : x + d < 5 /\ x' = x + d /\ y' \in {y, y + 1} /\ y' < 3
Down == x = 4 /\ x' = 0 /\ UNCHANGED y
Next == Up \/ Move \/ Down
Spec == Init /\ [][Next]_vars
A == (ENABLED Up) = (x < 3)
B == (ENABLED Down) <=> x = 4
C == (ENABLED (x' = 1 /\ x' = 2)) = FALSE
D == ENABLED (x' = 1 \/ x' = 2)
E == (ENABLED <<Next>>_vars) \in BOOLEAN
F == ENABLED UNCHANGED vars
G == ~ ENABLED <<UNCHANGED vars>>_vars
====
