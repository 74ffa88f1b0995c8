---- MODULE ----
====