---- MODULE eval_4320_counterexample ----
EXTENDS Naturals, TLCExt
VARIABLE x
Init == x = 0
Next == x' = x + 1
Small == x < 2
Post == CounterExample.state # {}
====
