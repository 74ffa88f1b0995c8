---- MODULE semantics_2069_substitution ----
---- MODULE Inner ----
CONSTANT c
VARIABLE v
====
VARIABLE w
I == INSTANCE Inner WITH c <- w, v <- w
====
