---- MODULE semantics_2050_clause ----
EXTENDS Naturals
THEOREM Square == ASSUME NEW n \in Nat, n > 1, big :: n > 3
                  PROVE  n * n > n
  <1>1. n > Square!3
  <1> QED
Least == Square!2
Big == Square!big
====
