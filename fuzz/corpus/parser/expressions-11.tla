---- MODULE S ----
d0 ==
  WF_f(x)(A)
d1 ==
  WF_I!v(A)
d2 ==
  WF_(v)(A)
d3 ==
  WF_v
d4 ==
  WF_v(A, B)
d5 ==
  \A x : p
d6 ==
  \E x, y \in S, <<a, b>> \in T : p /\ q
d7 ==
  \AA x, y : F
====
