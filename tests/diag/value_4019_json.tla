---- MODULE value_4019_json ----
EXTENDS Naturals, Json

ASSUME ToJson(Nat) = ""
====
