---- MODULE eval_4308_choose ----
EXTENDS Naturals
VARIABLE free
Init == free = 1..2
Take == LET slot == CHOOSE s \in free : s > 0 IN free' = free \ {slot}
Next == Take
====
