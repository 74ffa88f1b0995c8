---- MODULE config_3054_infinite ----
EXTENDS Naturals
VARIABLE x
Spec == x = 0 /\ [][x' = 1 - x]_x
Settles == \A n \in Nat : <>(x = n)
Returns == \A <<m, n>> \in {<<0, 1>>, <<0>>} : []<>(x \in {m, n})
====
