---- MODULE S ----
d0 ==
  a \cup b \cap c
d1 ==
  a \cup b \ c
d2 ==
  []<>a
d3 ==
  ENABLED x'
d4 ==
  ENABLED (x')
d5 ==
  x' = y'
d6 ==
  x''
d7 ==
  f[x]'[y].z
====
