---- MODULE semantics_2003_second ----
I == INSTANCE semantics_2003_circle
====
