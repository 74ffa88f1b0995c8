---- MODULE S ----
d0 ==
  r.IF
d1 ==
  1.50
d2 ==
  \b101 + \o17 + \hff
d3 ==
  \hffffffffffffffffffff
d4 ==
  007
d5 ==
  "a\"b\\c\n"
d6 ==
  TRUE
d7 ==
  @ + BOOLEAN
====
