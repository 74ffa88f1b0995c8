--------------------------- MODULE ModStatistics ---------------------------
\* recorded: TLC cc6b616
\* expect: ok
\* ChiSquare around its critical values: 6.635 (one degree of freedom, 0.01), 11.07 (five, 0.05).
EXTENDS Statistics

ASSUME ChiSquare(<<1000, 1000>>, <<1057, 943>>, "0.01")
ASSUME ~ChiSquare(<<1000, 1000>>, <<1058, 942>>, "0.01")
ASSUME ChiSquare(<<100, 100, 100, 100, 100, 100>>, <<123, 77, 100, 100, 100, 100>>, "0.05")
ASSUME ~ChiSquare(<<100, 100, 100, 100, 100, 100>>, <<124, 76, 100, 100, 100, 100>>, "0.05")
ASSUME ChiSquare(<<1, 3>>, <<251, 749>>, "0.05")
ASSUME ~ChiSquare([a |-> 1, b |-> 3], [a |-> 500, b |-> 500], "0.05")
=============================================================================
