---- MODULE config_3046_true ----
CONSTANT RM
VARIABLE x
Init == x \in RM
Next == x' \in RM
Some == RM # {}
None == RM = {}
====
