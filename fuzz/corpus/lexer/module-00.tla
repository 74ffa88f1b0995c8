---- MODULE M ----
====