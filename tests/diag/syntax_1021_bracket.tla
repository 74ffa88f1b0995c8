---- MODULE syntax_1021_bracket ----
a == (1 + 2
b == {x \in S : x > 1
c == <<1, 2>
d == [f EXCEPT ![1] = 2
e == /\ (x
     )
====
