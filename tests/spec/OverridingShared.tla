\* helper: Overriding
---- MODULE OverridingShared ----
EXTENDS OverridingBase
Shared == Limit
====
