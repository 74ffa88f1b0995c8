---- MODULE S ----
d0 ==
  /\ a
  /\ \/ b
     \/ c
  /\ d
d1 ==
  /\ a
  \/ b
d2 ==
  /\ (a
  )
d3 ==
  /\ a
   => b
d4 ==
   /\ a
   => b
d5 ==
  /\ IF a
  THEN b ELSE c
d6 ==
  a = /\ b
      /\ c
d7 ==
  	/\ a
          /\ b
====
