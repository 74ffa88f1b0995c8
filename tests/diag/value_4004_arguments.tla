---- MODULE value_4004_arguments ----
EXTENDS Naturals
CONSTANT Node
VARIABLE votes
distance[a \in 1..3, b \in 1..3] == IF a > b THEN a - b ELSE b - a
Init == votes = distance[1, 2]
Next == votes' = distance[votes, votes + 3]
====
