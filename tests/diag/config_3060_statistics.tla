---- MODULE config_3060_statistics ----
EXTENDS Naturals
VARIABLE x
Coin(a, b) == {a, b}
Init == x = 0
Flip == \E c \in Coin(FALSE, TRUE) : x' = IF c THEN 0 ELSE 1
====
