---- MODULE value_4021_finite ----
EXTENDS Integers, FiniteSets

ASSUME IsFiniteSet(Nat \cap Int)
====
