---- MODULE config_3001_binary ----
====
