---- MODULE semantics_2081_hide ----
def == TRUE
HIDE def
====
