---- MODULE syntax_1026_definition ----
a = 1
b == /\ x = 1
      /\ y = 2
  /\ z = 3
EXTENDS Naturals
c == LET d = 1 IN d
====
