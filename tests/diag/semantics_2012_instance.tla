---- MODULE semantics_2012_instance ----
I == INSTANCE Naturals
x == I
====
