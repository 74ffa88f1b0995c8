---- MODULE S ----
d0 ==
  [a : S, b : T]
d1 ==
  [S -> T]
d2 ==
  [f EXCEPT ![1] = 2]
d3 ==
  [f EXCEPT ![1, 2].a[3] = @ + 1, !.b = c]
d4 ==
  [A]_v
d5 ==
  [A]_<<x, y>>
d6 ==
  [x \in S]_v
d7 ==
  [A]_f(x)
====
