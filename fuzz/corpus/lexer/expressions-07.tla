---- MODULE S ----
d0 ==
  {}
d1 ==
  {1, 2}
d2 ==
  {x \in S : p}
d3 ==
  {<<x, y>> \in S : p}
d4 ==
  {x \in S}
d5 ==
  {x \in S, y}
d6 ==
  {x \in S /\ q}
d7 ==
  {x, y}
====
