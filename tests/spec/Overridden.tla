\* recorded: TLC cc6b616
\* expect: ok
---- MODULE Overridden ----
(* `Step <- [OverriddenPart]Mine` replaces a definition of a module wherever it is instantiated. *)
EXTENDS Naturals
One == INSTANCE OverriddenPart WITH k <- 1
Two == INSTANCE OverriddenPart WITH k <- 2
Mine == 7
ASSUME One!Step = 7 /\ Two!Twice = <<7, 7>>
====
