---- MODULE eval_4317_symmetry ----
EXTENDS TLC
CONSTANT Node
VARIABLE leader
Init == leader \in Node
Next == leader' \in Node
Symmetric == [Node -> Node]
====
