---- MODULE S ----
d0 ==
  x != y
d1 ==
  a b
d2 ==
  ( a
d3 ==
  a )
d4 ==
  LAMBDA x : x
d5 ==
  a ++ /\ b
d6 ==
  +
d7 ==
  a + * b
====
