------------------------------ MODULE Variants ------------------------------
(***************************************************************************)
(* Values with a tag.  A variant is a function with one argument, the tag, *)
(* which it maps to the value.                                             *)
(***************************************************************************)

(***************************************************************************)
(* The value for tags that need none.                                      *)
(***************************************************************************)
UNIT == "U_OF_UNIT"

Variant(tagName, value) == [tag \in {tagName} |-> value]

VariantTag(variant) == CHOOSE tag \in DOMAIN variant : TRUE

(***************************************************************************)
(* The values of those variants in S that have the tag.                    *)
(***************************************************************************)
VariantFilter(tagName, S) == {v[tagName] : v \in {w \in S : tagName \in DOMAIN w}}

(***************************************************************************)
(* The value of a variant if it has the tag; otherwise a default, or an    *)
(* error.                                                                  *)
(***************************************************************************)
VariantGetOrElse(tagName, variant, defaultValue) ==
  IF tagName \in DOMAIN variant THEN variant[tagName] ELSE defaultValue

VariantGetUnsafe(tagName, variant) == variant[tagName]
=============================================================================
