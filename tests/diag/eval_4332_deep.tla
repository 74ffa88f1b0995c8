---- MODULE eval_4332_deep ----
EXTENDS Naturals
RECURSIVE Walk(_)
Step(n) == (n * 1103515245 + 12345) % 2147483648
Left(n) == Walk(Step(n)) + 1
Right(n) == Walk(Step(n)) + 2
Walk(n) == IF (n \div 65536) % 2 = 0 THEN Left(n) ELSE Right(n)
ASSUME Walk(1) > 0
====
