---- MODULE value_4016_twice ----
EXTENDS CSV

ASSUME CSVRead(<<"a", "a">>, ",", "value_4016_twice.csv") = <<>>
====
