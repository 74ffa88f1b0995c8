\* not recorded: TLC's integers have 32 bits
\* expect: ok, 1203 distinct, 542554 generated, depth 4
\* cfg: NativeRedo_Violated.cfg
\* not recorded: TLC's integers have 32 bits
\* expect: violates Small, trace 3, 7061 generated, 595 distinct
---- MODULE NativeRedo ----
(* Emitted code gives up in the middle of a state, after whole batches of its successors were delivered: the
   interpreter makes the others. Each stands in the counts once, and in its order. *)
EXTENDS Integers
CONSTANT Limit
VARIABLES n, m
High == 1152921504606846975
\* More than a word of emitted code holds on the way, where n is such.
Far(i) == IF i % 3 = 1 THEN ((i + High) * 4) \div High ELSE i % 2
Init == n = 0 /\ m = 0
Before == \E i \in 1..300 : n' = (7 * n + i) % 401 /\ UNCHANGED m
Between == m' = Far(n) /\ UNCHANGED n
After == \E i \in 1..150 : n' = (3 * n + i) % 401 /\ m' = (m + i) % 2
Next == Before \/ Between \/ After
Small == n < Limit
====
