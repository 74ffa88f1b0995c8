---- MODULE S ----
d0 ==
  CASE a -> b [] c -> d [] OTHER -> e
d1 ==
  CASE a -> []b
d2 ==
  CASE OTHER -> e
d3 ==
  LET x == 1 y(a) == a f[n \in S] == n IN x
d4 ==
  LET RECURSIVE g(_) g(n) == g(n) IN g(1)
d5 ==
  LET I == INSTANCE M WITH a <- b, + <- c IN I!x
d6 ==
  LET LOCAL x == 1 IN x
d7 ==
  LET x = 1 IN x
====
