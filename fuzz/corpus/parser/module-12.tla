---- MODULE M ----
THEOREM T
<1>1. a
====