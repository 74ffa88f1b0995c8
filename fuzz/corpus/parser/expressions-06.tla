---- MODULE S ----
d0 ==
  STRING
d1 ==
  f(a, +, LAMBDA x, y : x, -)
d2 ==
  Op(\cup, b)
d3 ==
  Op(-a, -.)
d4 ==
  A!B(x)!2!<<!>>!:!@!(q)
d5 ==
  I!+(1, 2)
d6 ==
  Thm!:
d7 ==
  x \lnot y
====
