---- MODULE S ----
d0 ==
  l :: a + b
d1 ==
  l(x) :: a
d2 ==
  a + l :: b
d3 ==
  a + l :: b * c
d4 ==
  a + l :: b + c
d5 ==
  a!b :: c
d6 ==
  f(1) :: c
d7 ==
  /\ a
  /\ b
    \/ c
====
