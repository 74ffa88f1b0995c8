---- MODULE S ----
d0 ==
  [A]_I!v
d1 ==
  <<A>>_v
d2 ==
  <<A>>_(x + y)
d3 ==
  <<>>
d4 ==
  <<a, b>>_v
d5 ==
  [a]
d6 ==
  WF_v(A)
d7 ==
  SF_<<x, y>>(A)
====
