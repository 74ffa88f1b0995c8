---- MODULE semantics_2034_prime ----
RECURSIVE op(_)
op(x) == x'
====
