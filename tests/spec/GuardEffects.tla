----------------------------- MODULE GuardEffects -----------------------------
\* A function that is applied as a guard is evaluated once, effects included.
\* recorded: TLC cc6b616
\* expect: ok, 4 distinct, 4 generated, depth 4
\* workers: 1
EXTENDS Naturals, TLC
VARIABLE x

Count(n) == TLCSet(n, TLCGet(n) + 1)
ASSUME TLCSet(1, 0) /\ TLCSet(2, 0) /\ TLCSet(3, 0)

Branch(a) == IF Count(1) THEN <<TRUE, FALSE>> ELSE <<>>
Local(a) == LET counted == Count(2) IN <<counted>>
Down[n \in 0..2] == IF Count(3) /\ n = 0 THEN <<TRUE>> ELSE Down[n - 1]

Init == x = 0
Next == x < 3 /\ Branch(x)[1] /\ Local(x)[1] /\ Down[x][1] /\ x' = x + 1
Post == TLCGet(1) = 3 /\ TLCGet(2) = 3 /\ TLCGet(3) = 6
===============================================================================
