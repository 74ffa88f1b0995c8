---- MODULE semantics_2014_unknown ----
EXTENDS FiniteSets
Quorum == {}
x == Quorom
y == 1 + 2
z == Cardinalty({})
I == INSTANCE Sequences
w == I!Apend(<<>>, 1)
====
