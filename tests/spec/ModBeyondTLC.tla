---------------------------- MODULE ModBeyondTLC ----------------------------
\* not recorded: each of these assumptions is an error of TLC's
\* expect: ok
\* What the library modules have values for here alone (docs/differences-from-tlc.md).
EXTENDS Apalache, Functions, Reals, Sequences, SequencesExt, VectorClocks

Clock(e) == e.clock
Node(e) == e.node
Nodes(c) == DOMAIN c
Alone == <<[node |-> 1, clock |-> <<1, 0>>]>>

ASSUME Gen(3) = {}
ASSUME IsInjective([a |-> 1, b |-> 2])
ASSUME 3 \in Real /\ -3 \in Real
ASSUME ReplaceAllSubSeqs(<<9, 9>>, <<2>>, <<1, 2, 3, 2>>) = <<1, 9, 9, 3, 9, 9>>
ASSUME CausalOrder(Alone, Clock, Node, Nodes) = Alone
=============================================================================
