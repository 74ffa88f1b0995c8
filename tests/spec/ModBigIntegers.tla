-------------------------- MODULE ModBigIntegers ---------------------------
\* not recorded: TLC's integers have 32 bits
\* expect: ok
\* Integers have no bounds.
EXTENDS Integers, TLC

Big == 2 ^ 100

ASSUME Big = 1267650600228229401496703205376
ASSUME ToString(-Big) = "-1267650600228229401496703205376"
ASSUME (Big + 1) * (Big - 1) = Big ^ 2 - 1
ASSUME Big \div 2 ^ 90 = 1024 /\ (Big + 7) % 2 ^ 90 = 7 /\ (-Big) \div 3 = -(Big \div 3) - 1
ASSUME Big > 2 ^ 99 /\ -Big < 0 /\ Big \in Nat /\ -Big \in Int
ASSUME 2147483647 + 1 = 2147483648 /\ 9223372036854775807 + 1 = 2 ^ 63
=============================================================================
