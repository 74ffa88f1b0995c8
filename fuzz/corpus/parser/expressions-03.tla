---- MODULE S ----
d0 ==
  SUBSET a \cup b
d1 ==
  a \in SUBSET b
d2 ==
  UNION {a} \ b
d3 ==
  DOMAIN f[1]
d4 ==
  []a ~> <>b
d5 ==
  UNCHANGED <<x, y>>
d6 ==
  a \cdot b \cdot c
d7 ==
  a % b % c
====
