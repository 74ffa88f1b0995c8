---- MODULE semantics_2044_new ----
THEOREM thm == ASSUME ASSUME NEW x \in {}, lbl :: TRUE PROVE TRUE
               PROVE TRUE
====
