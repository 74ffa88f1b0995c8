----------------------------- MODULE ModOption -----------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Every operator of Option.
EXTENDS Option, Integers, Sequences

ASSUME IsSome(Some(1)) /\ ~IsSome(None) /\ IsNone(None) /\ ~IsNone(Some(1))
ASSUME OptionCase(Some(3), LAMBDA v : v + 1, LAMBDA unit : 0) = 4
ASSUME OptionCase(None, LAMBDA v : v + 1, LAMBDA unit : 0) = 0
ASSUME OptionMap(LAMBDA v : v + 1, Some(3)) = Some(4) /\ OptionMap(LAMBDA v : v + 1, None) = None
ASSUME OptionFlatMap(LAMBDA v : IF v > 0 THEN Some(v) ELSE None, Some(3)) = Some(3)
ASSUME OptionFlatMap(LAMBDA v : IF v > 0 THEN Some(v) ELSE None, Some(0)) = None
ASSUME OptionFunApp(<<7, 8>>, Some(2)) = Some(8) /\ OptionFunApp(<<7, 8>>, None) = None
ASSUME OptionGetOrElse(Some(1), 9) = 1 /\ OptionGetOrElse(None, 9) = 9
ASSUME OptionToSeq(Some(1)) = <<1>> /\ OptionToSeq(None) = <<>>
ASSUME OptionToSet(Some(1)) = {1} /\ OptionToSet(None) = {}
ASSUME OptionGuess({5}) = Some(5) /\ OptionGuess({}) = None
ASSUME LET f == OptionPartialFun([i \in 1 .. 2 |-> i * i], {3, 4})
       IN  DOMAIN f = 1 .. 4 /\ f[2] = Some(4) /\ f[3] = None
=============================================================================
