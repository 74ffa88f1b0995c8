---- MODULE M ----
THEOREM T
<1>1. a
<2>2. b
<1> QED
====