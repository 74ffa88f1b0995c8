---- MODULE syntax_1029_step ----
THEOREM T == TRUE
<1>1. TRUE
<1>2. TRUE
  <2>1. TRUE OBVIOUS
  <3>2. QED
<1> QED
====
