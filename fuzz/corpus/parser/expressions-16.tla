---- MODULE S ----
d0 ==
  \/ \E x \in S :
       /\ x
       /\ y
  \/ z
d1 ==
  /\ a
   /\ b
d2 ==
  ∧ a
  ∧ b
d3 ==
  ¬a ∧ ∀ x ∈ ℕ : x ≥ 0
d4 ==
  a ≜ b
d5 ==
  a == b
d6 ==
  a && b
d7 ==
  a !!b
====
