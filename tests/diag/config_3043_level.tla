---- MODULE config_3043_level ----
VARIABLE x
Init == x' = 0
Next == [][x' = x]_x
Within == x' = x
Steps == <>(x = 1)
====
