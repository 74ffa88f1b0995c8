\* helper: Overriding
---- MODULE OverridingBase ----
Limit == 3
LimitAgain == Limit
====
