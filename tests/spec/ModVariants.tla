---------------------------- MODULE ModVariants ----------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of Variants.
EXTENDS Variants, Integers

A == Variant("A", 1)
B == Variant("B", "x")

ASSUME VariantTag(A) = "A" /\ VariantTag(B) = "B"
ASSUME VariantFilter("A", {A, B, Variant("A", 2)}) = {1, 2} /\ VariantFilter("C", {A}) = {}
ASSUME VariantGetOrElse("A", A, 7) = 1 /\ VariantGetOrElse("C", A, 7) = 7
ASSUME VariantGetUnsafe("B", B) = "x"
ASSUME VariantGetUnsafe("C", Variant("C", UNIT)) = UNIT
ASSUME A # Variant("A", 2) /\ A = Variant("A", 1)
=============================================================================
