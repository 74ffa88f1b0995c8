-------------------------------- MODULE Json --------------------------------
(***************************************************************************)
(* Values as JSON text and JSON files as values.  A record or a function   *)
(* over strings becomes an object, a sequence an array, a set an array in  *)
(* the order of its elements; on the way back an object becomes a record   *)
(* and an array a sequence.                                                *)
(*                                                                         *)
(* The seven operators at the end are native.  The files are not part of   *)
(* the mathematics, so reading one is an unbounded choice here.            *)
(***************************************************************************)
LOCAL INSTANCE Sequences
LOCAL INSTANCE FiniteSets
LOCAL INSTANCE TLC
-----------------------------------------------------------------------------
(***************************************************************************)
(* Item(F, d) for every d in D, separated by commas.  The opening bracket  *)
(* is written in front of the whole domain of F only: what these operators *)
(* give for a part of it can be put behind the rest.                       *)
(***************************************************************************)
LOCAL Listing(opening, closing, Item(_, _), F, D) ==
  LET From[T \in SUBSET D] ==
        LET d == CHOOSE x \in T : TRUE
            rest == T \ {d}
        IN  (IF T = DOMAIN F THEN opening ELSE ", ")
              \o Item(F, d)
              \o (IF rest = {} THEN closing ELSE From[rest])
  IN  From[D]

LOCAL Element(F, d) == ToString(F[d])
LOCAL Member(F, d) == ToString(ToString(d)) \o ":" \o ToString(F[d])

ToJsonObjectString(F, D) == Listing("{", "}", Member, F, D)
ToJsonArrayString(F, D) == Listing("[", "]", Element, F, D)
ToJsonString(F, D) == ToJsonArrayString(F, D)
-----------------------------------------------------------------------------
ToJson(value) ==
  IF DOMAIN value = {} THEN "{}" ELSE ToJsonString(value, DOMAIN value)

(***************************************************************************)
(* The same, but an array (an object) whatever the value is.               *)
(***************************************************************************)
ToJsonArray(value) ==
  IF DOMAIN value = {} THEN "[]" ELSE ToJsonArrayString(value, DOMAIN value)

ToJsonObject(value) ==
  IF DOMAIN value = {} THEN "{}" ELSE ToJsonObjectString(value, DOMAIN value)

(***************************************************************************)
(* Files.  Those whose name begins with nd hold a sequence of values, one  *)
(* a line.  Writing replaces the file and is TRUE.                         *)
(***************************************************************************)
JsonSerialize(absoluteFilename, value) == CHOOSE done : done = TRUE
JsonDeserialize(absoluteFilename) == CHOOSE content : TRUE

ndJsonSerialize(absoluteFilename, value) == CHOOSE done : done = TRUE
ndJsonDeserialize(absoluteFilename) == CHOOSE content : TRUE
=============================================================================
