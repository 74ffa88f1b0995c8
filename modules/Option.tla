------------------------------- MODULE Option -------------------------------
(***************************************************************************)
(* Values that may be missing: Some(v), or None.                           *)
(***************************************************************************)
EXTENDS Apalache, Variants

Some(v) == Variant("Some", v)
None == Variant("None", UNIT)

IsSome(o) == VariantTag(o) = "Some"
IsNone(o) == VariantTag(o) = "None"

(***************************************************************************)
(* caseSome(v) for Some(v), caseNone(UNIT) for None.                       *)
(***************************************************************************)
OptionCase(o, caseSome(_), caseNone(_)) ==
  IF IsSome(o) THEN caseSome(VariantGetUnsafe("Some", o)) ELSE caseNone(UNIT)

(***************************************************************************)
(* None stays None; Some(v) becomes Some(f(v)), or f(v), which is an       *)
(* option then, or Some(f[v]) for a function f.                            *)
(***************************************************************************)
OptionMap(f(_), o) == OptionCase(o, LAMBDA v : Some(f(v)), LAMBDA unit : None)
OptionFlatMap(f(_), o) == OptionCase(o, f, LAMBDA unit : None)
OptionFunApp(f, o) == OptionMap(LAMBDA v : f[v], o)

(***************************************************************************)
(* The value or a default; the value as a sequence or set of one element,  *)
(* which is empty for None.                                                *)
(***************************************************************************)
OptionGetOrElse(o, default) == OptionCase(o, LAMBDA v : v, LAMBDA unit : default)
OptionToSeq(o) == OptionCase(o, LAMBDA v : <<v>>, LAMBDA unit : <<>>)
OptionToSet(o) == OptionCase(o, LAMBDA v : {v}, LAMBDA unit : {})

(***************************************************************************)
(* Some element of s, if there is one.                                     *)
(***************************************************************************)
OptionGuess(s) == IF s = {} THEN None ELSE Some(Guess(s))

(***************************************************************************)
(* f with the arguments in undefined added, or taken away, as None.        *)
(***************************************************************************)
OptionPartialFun(f, undefined) ==
  [x \in DOMAIN f \cup undefined |-> IF x \in undefined THEN None ELSE Some(f[x])]
=============================================================================
