---- MODULE value_4002_types ----
CONSTANTS a_1, b_1

ASSUME a_1 # b_1
====
