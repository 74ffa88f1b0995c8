-------------------------- MODULE ModVectorClocks --------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* Both operators of VectorClocks.
EXTENDS VectorClocks, Integers, Sequences

Event(node, clock) == [node |-> node, clock |-> clock]
A1 == Event(1, <<1, 0>>)
A2 == Event(1, <<2, 2>>)
B1 == Event(2, <<0, 1>>)
B2 == Event(2, <<1, 2>>)

Clock(e) == e.clock
Node(e) == e.node
Nodes(c) == DOMAIN c
Sort(log) == CausalOrder(log, Clock, Node, Nodes)

ASSUME IsCausalOrder(<<A1, B1, B2, A2>>, Clock) /\ IsCausalOrder(<<B1, A1, B2, A2>>, Clock)
ASSUME ~IsCausalOrder(<<B2, A1>>, Clock) /\ IsCausalOrder(<<>>, Clock)
ASSUME IsCausalOrder(Sort(<<A2, B2, A1, B1>>), Clock)
ASSUME Range(Sort(<<A2, B2, A1, B1>>)) = {A1, A2, B1, B2} /\ Len(Sort(<<A2, B2, A1, B1>>)) = 4
ASSUME Sort(<<>>) = <<>>
=============================================================================
