\* helper: Interning
---- MODULE InterningLast ----
ofLast == "from Last"
====
