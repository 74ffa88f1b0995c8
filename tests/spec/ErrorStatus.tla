------------------------------ MODULE ErrorStatus -----------------------------
\* The exit status of an error depends on who finds it: 255 where TLC's own code for a library operator
\* looks at its arguments, 75 where a value is of the wrong kind; and on what was being evaluated.
\* cfg: ErrorStatus_Head.cfg
\* recorded: TLC cc6b616
\* expect: error FM4205, exit 255, 1 distinct, 1 generated, depth 1, trace 1
\* cfg: ErrorStatus_Divide.cfg
\* recorded: TLC cc6b616
\* expect: error FM4010, exit 255, 1 distinct, 1 generated, depth 1, trace 1
\* cfg: ErrorStatus_Power.cfg
\* recorded: TLC cc6b616
\* expect: error FM4013, exit 255, 1 distinct, 1 generated, depth 1, trace 1
\* cfg: ErrorStatus_Append.cfg
\* recorded: TLC cc6b616
\* expect: error FM4201, exit 255, 1 distinct, 1 generated, depth 1, trace 1
\* cfg: ErrorStatus_Compare.cfg
\* recorded: TLC cc6b616
\* expect: error FM4201, exit 255, 1 distinct, 1 generated, depth 1, trace 1
\* cfg: ErrorStatus_ModelValue.cfg
\* recorded: TLC cc6b616
\* expect: error FM4201, exit 255, 1 distinct, 1 generated, depth 1, trace 1
\* cfg: ErrorStatus_ModelInvariant.cfg
\* workers: 1
\* recorded: TLC cc6b616
\* expect: error FM4201, exit 76, 2 distinct, 2 generated, depth 2, trace 2
\* cfg: ErrorStatus_Plus.cfg
\* recorded: TLC cc6b616
\* expect: error FM4201, exit 75, 1 distinct, 1 generated, depth 1, trace 1
\* cfg: ErrorStatus_Sequence.cfg
\* recorded: TLC cc6b616
\* expect: error FM4201, exit 75, 1 distinct, 1 generated, depth 1, trace 1
\* cfg: ErrorStatus_Index.cfg
\* recorded: TLC cc6b616
\* expect: error FM4206, exit 255, 1 distinct, 1 generated, depth 1, trace 1
\* cfg: ErrorStatus_Property.cfg
\* recorded: TLC cc6b616
\* expect: error FM4205, exit 255, 3 distinct, 3 generated, depth 3, trace 3
\* cfg: ErrorStatus_Initial.cfg
\* recorded: TLC cc6b616
\* expect: error FM4205, exit 75
\* cfg: ErrorStatus_Constraint.cfg
\* recorded: TLC cc6b616
\* expect: error FM4205, exit 255, 1 distinct, 2 generated, depth 1, trace 2
EXTENDS Integers, Sequences, SequencesExt
VARIABLE x

Init == x = 0
Next == x < 2 /\ x' = x + 1
HeadNext == x' = Head(<<>>)
DivideNext == x' = 1 \div x
PowerNext == x' = x ^ x
AppendNext == x' = Append(x, 1)
CompareNext == x < "a" /\ x' = 1
Model == "m"
ModelNext == Model < x /\ x' = 1
ModelInvariant == x = 0 \/ x < Model
PlusNext == x' = x + "a"
SequenceNext == x' = ToSet(x)
IndexNext == x' = SubSeq(<<x>>, 1, 2)
HeadInit == x = Head(<<>>)
HeadProperty == [][x = 1 => Head(<<>>) = 1]_x
HeadConstraint == x = 1 => Head(<<>>) = 1
===============================================================================
