---- MODULE semantics_2022_ignored ----
Nat == {0}
INSTANCE Naturals
====
