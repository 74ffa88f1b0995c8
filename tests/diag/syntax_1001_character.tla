---- MODULE syntax_1001_character ----
Init == x = 1;
Next == x' = 2 ? 3
====
