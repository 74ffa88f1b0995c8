---- MODULE semantics_2050_selector ----
Inv == /\ TRUE
       /\ \A x \in {} : x = x
a == Inv!3
b == Inv!2!(1, 2)
c == Inv!lab
d == Inv!1!1
====
