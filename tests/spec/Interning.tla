\* expect: prints {"inCfg", "TRUE", "second", "ofFirst", "ofDeep", "ofLast"}
\* expect: prints {"inCfg", "alsoInCfg", "STRING", "BOOLEAN", "SUBSET", "UNION"}
\* expect: prints {"second", "first", "param", "local", "field", "bound", "label", "chosen"}
\* expect: prints {"EXTENDS", "CONSTANT", "0", "LET", "21", "IN", "20"}
\* expect: prints {"=", "^", "*", "-", "+", "<", "#", "@"}
\* expect: prints {"out", "JavaTime", "Seq", "t", "later"}
\* expect: prints {"from Deep", "from First", "from Last", "from here"}
\* expect: prints {"later", "mapped", "mapping"}
\* expect: prints {"mapped", "mapping", "making"}
\* expect: prints [second |-> 3, param |-> 4, field |-> 1, val |-> 2]
\* recorded: TLC cc6b616
\* expect: ok
---- MODULE Interning ----
(* Strings sort by the moment at which TLC interned their spelling (docs/interning-order.md). Each set
   below is written in an order that differs from the one in which it is printed. *)
EXTENDS InterningFirst, TLC, Sequences
CONSTANT given
INSTANCE InterningLast
second == 0
first(param, _##_) == LET local == [field |-> 21] IN \A bound \in {} : label(bound):: bound.chosen = 20

(* The configuration, then TLC's own words, then the root, its EXTENDS, theirs, and the instances. *)
ASSUME PrintT({"ofLast", "ofDeep", "ofFirst", "second", "TRUE", "inCfg"})
ASSUME PrintT({"inCfg", "alsoInCfg", "SUBSET", "BOOLEAN", "STRING", "UNION"})
(* Every token counts in the order of the text, also a number or a keyword. *)
ASSUME PrintT({"label", "chosen", "bound", "field", "local", "param", "first", "second"})
ASSUME PrintT({"20", "21", "0", "IN", "LET", "CONSTANT", "EXTENDS"})
(* Symbols stand in the order of TLC's tables. *)
ASSUME PrintT({"*", "-", "+", "^", "<", "#", "=", "@"})
(* The parameters of the standard modules: Print(out, val) and JavaTime in TLC, s \o t in Sequences. *)
ASSUME PrintT({"JavaTime", "out", "Seq", "t", "later"})
(* Literals come after all modules are parsed: those of other modules first, a set before what maps it. *)
ASSUME PrintT({"from here", "from Last", "from First", "from Deep"})
Mapped == {<<x, "mapping">> : x \in {"mapped"}}
ASSUME PrintT({"mapping", "mapped", "later"})
(* What is made while the specification runs comes last. *)
ASSUME PrintT({"ma" \o "king", "mapping", "mapped"})
(* The fields of a record are ordered in the same way. *)
ASSUME PrintT([field |-> 1, val |-> 2, second |-> 3, param |-> 4])
====
