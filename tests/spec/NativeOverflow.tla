\* not recorded: TLC's integers have 32 bits
\* expect: ok, 15 distinct, 41 generated, depth 4
---- MODULE NativeOverflow ----
(* Integers at the ends of what a word of emitted code holds, and beyond: 2^60 - 1 is the largest that a shape has. *)
EXTENDS Integers
VARIABLES x, y
High == 1152921504606846975
Low == -1152921504606846976
Init == x = 0 /\ y = 0
Next == \/ x = 0 /\ x' \in {High - 1, Low + 1} /\ UNCHANGED y
        \/ x # 0 /\ x' \in {High, Low} /\ UNCHANGED y
        \/ y = 0 /\ y' \in {High, Low} /\ UNCHANGED x
\* Ten of them are more than 64 bits hold.
Up == x + x + x + x + x + x + x + x + x + x
Down == 0 - x - x - x - x - x - x - x - x - x - x
Sums == /\ Up + Down = 0
        /\ x > 0 => Up > High /\ Down < Low
        /\ x < 0 => Up < Low /\ Down > High
Products == /\ (x > 0 /\ y > 0) => x * y > x /\ x * 10 > y
            /\ (x < 0 /\ y < 0) => x * y > 0 /\ x * 10 < y
            /\ (x > 0 /\ y < 0) => x * y < y /\ x * y * y > x
Signs == /\ -x = 0 - x /\ -(-x) = x
         /\ x < 0 => -x > 0
         /\ (x - y) - (x + y) = -(y + y)
Powers == x < 0 => (2 ^ 62) * 4 > -x
====
