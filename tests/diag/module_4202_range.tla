---- MODULE module_4202_range ----
EXTENDS FiniteSetsExt

ASSUME Max({}) = 0
====
