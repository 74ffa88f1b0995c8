---- MODULE config_3045_constant ----
CONSTANT Start
VARIABLE x
Init == Start
Next == Start => FALSE
====
