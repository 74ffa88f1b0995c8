---- MODULE S ----
d0 ==
  \EE x : F
d1 ==
  \E <<>> \in S : p
d2 ==
  \E x \in S, y : p
d3 ==
  CHOOSE x \in S : p
d4 ==
  CHOOSE x : p
d5 ==
  CHOOSE <<x, y>> \in S : p
d6 ==
  IF a THEN b ELSE c + d
d7 ==
  IF a THEN b
====
