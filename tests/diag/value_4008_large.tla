---- MODULE value_4008_large ----
EXTENDS Naturals

ASSUME UNION {SUBSET (1..40)} # {}
====
