\* helper: Interning
---- MODULE InterningFirst ----
EXTENDS InterningDeep
ofFirst == "from First"
====
