---- MODULE semantics_2082_step ----
op(x) == x
THEOREM TRUE
<1>a. HAVE TRUE
<1>b. op(<1>a)
<1> QED
====
