\* helper: Overriding
---- MODULE OverridingOther ----
LOCAL INSTANCE OverridingBase
CONSTANT k
Limited == Limit
Doubled == LimitAgain
====
