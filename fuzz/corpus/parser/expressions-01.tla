---- MODULE S ----
d0 ==
  ~ ~ a
d1 ==
  a \X b \X c
d2 ==
  (a \X b) \X c
d3 ==
  a \X (b \X c)
d4 ==
  a * -b
d5 ==
  a + -b
d6 ==
  a = -b
d7 ==
  2 ^ -3
====
