----------------------------- MODULE ModTLCExt -----------------------------
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 4 generated, depth 3
\* Every operator of TLCExt; what needs a trace is checked along the behaviour.
EXTENDS TLCExt, TLC, Integers, Sequences, FiniteSets

VARIABLE x

ASSUME AssertEq(1 + 1, 2)
ASSUME TLCGetOrDefault(7, "none") = "none" /\ TLCGetOrDefault("s:seven", <<>>) = <<>>
ASSUME TLCGetAndSet(7, LAMBDA old, new : old + new, 3, 10) = 10 /\ TLCGet(7) = 13
ASSUME TLCGetAndSet("s:seven", LAMBDA old, new : old \o new, <<2>>, <<1>>) = <<1>>
ASSUME TLCGet("s:seven") = <<1, 2>> /\ TLCGetOrDefault("s:seven", <<>>) = <<1, 2>>
ASSUME TLCModelValue("fresh") = TLCModelValue("fresh") /\ TLCModelValue("fresh") # "fresh"
ASSUME ToString(TLCModelValue("fresh")) = "fresh"
ASSUME TLCDefer(TRUE)
ASSUME TLCNoOp(<<1, 2>>) = <<1, 2>>
ASSUME \A i \in 1 .. 3 : TLCCache(i * i, {i}) = i * i
ASSUME TLCFP(<<1>>) = TLCFP(1 :> 1) /\ TLCFP({1, 2}) \in Int
ASSUME LET ce == [state |-> {<<2, [x |-> 8]>>, <<1, [x |-> 7]>>}, action |-> {}]
       IN  DOMAIN ce = {"state", "action"}

Answer == 41 + 1
ASSUME TLCEvalDefinition("Answer") = 42

Ask == PickSuccessor(TRUE)

Init == x = 1
Next == x' = (x % 3) + 1

Invariant ==
  /\ Trace[Len(Trace)] = [x |-> x]
  /\ Len(Trace) = x
  /\ \A i \in 1 .. Len(Trace) : Trace[i].x = i
  /\ DOMAIN CounterExample = {"state", "action"}
  /\ CounterExample.state = {} /\ ToTrace(CounterExample) = <<>>
=============================================================================
