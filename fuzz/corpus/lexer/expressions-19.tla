---- MODULE S ----
d0 ==
  a <- b
d1 ==
  a \Ex
====
