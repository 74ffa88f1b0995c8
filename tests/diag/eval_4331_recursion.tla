---- MODULE eval_4331_recursion ----
EXTENDS Naturals
VARIABLE n
RECURSIVE Sum(_)
Sum(k) == IF k = 0 THEN 0 ELSE k + Sum(k + 1)
Init == n = 3
Next == n' = Sum(n)
====
