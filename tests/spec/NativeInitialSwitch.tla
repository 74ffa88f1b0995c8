\* Emitted code takes over amid the initial states, which the interpreter begins with: it needs
\* seconds for them.
\* recorded: TLC cc6b616
\* expect: ok, 31200 distinct, 62600 generated, depth 1
---- MODULE NativeInitialSwitch ----
EXTENDS Integers
VARIABLES x, y

Hard(n) == \A i, j \in 0..24 : (i * n + j) % 7 # 8
Init == \/ x \in 0..199 /\ y \in 0..155 /\ Hard(x + y)
        \/ x \in 0..199 /\ y = 0
Next == x' = x /\ y' = y
Spec == Init /\ [][Next]_<<x, y>>
====
