---- MODULE M ----
THEOREM T
<1> USE a
  <2> QED
<1> QED
====