---- MODULE semantics_2032_let ----
x == LET RECURSIVE f
         g == LET f == 0 IN f
     IN g
====
