----------------------------- MODULE _Possible ------------------------------
(***************************************************************************)
(* Counts how often expressions were true.  The configuration keyword      *)
(* _POSSIBLE makes use of it: each name given there is tracked as a        *)
(* constraint and must have been TRUE at least once in the end.  The       *)
(* counts are kept in a register of their own.                             *)
(***************************************************************************)
LOCAL INSTANCE TLC
LOCAL INSTANCE TLCExt
LOCAL INSTANCE Naturals
LOCAL INSTANCE Sequences

LOCAL Count(counts, name) == IF name \in DOMAIN counts THEN counts[name] ELSE 0

(***************************************************************************)
(* Another evaluation of expr.                                             *)
(***************************************************************************)
_Track(expr, name) ==
  LET counts == TLCGetOrDefault("s:_possible", <<>>)
      total == Count(counts, name) + (IF expr THEN 1 ELSE 0)
  IN  TLCSet("s:_possible", (name :> total) @@ counts)

(***************************************************************************)
(* The counts of all workers together.                                     *)
(***************************************************************************)
_Counts ==
  LET named == TLCGet("all:named")
      workers == IF "s:_possible" \in DOMAIN named THEN named["s:_possible"] ELSE <<>>
      Sum(a, b) == [name \in DOMAIN a \cup DOMAIN b |-> Count(a, name) + Count(b, name)]
      Upto[n \in 0..Len(workers)] == IF n = 0 THEN <<>> ELSE Sum(Upto[n - 1], workers[n])
  IN  Upto[Len(workers)]

_CheckName(name) ==
  LET counts == _Counts
  IN  Count(counts, name) = 0 => (PrintT(counts) /\ FALSE)

_PrintCounts == PrintT(_Counts)
=============================================================================
