---- MODULE value_4015_member ----
EXTENDS Naturals

ASSUME "a" \in 1..3
====
