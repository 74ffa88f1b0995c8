\* helper: Interning
---- MODULE InterningDeep ----
ofDeep == "from Deep"
====
