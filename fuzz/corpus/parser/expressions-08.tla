---- MODULE S ----
d0 ==
  {f(x) : x \in S, y, z \in T}
d1 ==
  {<<x, y>> : x \in S}
d2 ==
  {<<1, 2>> \in S}
d3 ==
  {{{x \in S}}}
d4 ==
  {x \in S, y \in T : p}
d5 ==
  [x \in S |-> e]
d6 ==
  [x, y \in S, <<a, b>> \in T |-> e]
d7 ==
  [a |-> 1, IF |-> 2]
====
