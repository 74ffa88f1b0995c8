---- MODULE S ----
d0 ==
  a + b * c
d1 ==
  a - b - c
d2 ==
  -a + b
d3 ==
  - a .. b
d4 ==
  a => b => c
d5 ==
  a = b = c
d6 ==
  a /\ b \/ c
d7 ==
  ~a /\ b
====
