\* recorded: TLC cc6b616
\* expect: ok, 75 distinct, 103 generated, depth 7
---------------------------- MODULE OperatorNames ----------------------------
(* Operator symbols as names in a configuration: a declared infix constant is
   given a definition, a defined infix operator another one, and a constant
   with two parameters the built-in plus. *)
EXTENDS Naturals, Sequences

CONSTANTS _++_, Plus(_, _)
VARIABLE x

Distance(a, b) == IF a > b THEN a - b ELSE b - a
Product(a, b) == a * b

Init == x = 2 ++ 5
Next == x < 40 /\ x' \in {Plus(x, 4), x \o 2, x \circ 3}
Small == x < 120
===============================================================================
