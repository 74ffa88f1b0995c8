\* cfg: Multiplicity_TwoDisjuncts.cfg
\* recorded: TLC cc6b616
\* expect: ok, 2 distinct, 3 generated, depth 2
\* cfg: Multiplicity_ExistsBefore.cfg
\* recorded: TLC cc6b616
\* expect: ok, 2 distinct, 4 generated, depth 2
\* cfg: Multiplicity_DisjunctAfter.cfg
\* recorded: TLC cc6b616
\* expect: ok, 2 distinct, 2 generated, depth 2
\* cfg: Multiplicity_ExistsAfter.cfg
\* recorded: TLC cc6b616
\* expect: ok, 2 distinct, 2 generated, depth 2
\* cfg: Multiplicity_CupLazy.cfg
\* recorded: TLC cc6b616
\* expect: ok, 7 distinct, 9 generated, depth 2
\* cfg: Multiplicity_UnionEnum.cfg
\* recorded: TLC cc6b616
\* expect: ok, 4 distinct, 5 generated, depth 2
\* cfg: Multiplicity_UnionLazy.cfg
\* recorded: TLC cc6b616
\* expect: ok, 5 distinct, 7 generated, depth 2
\* cfg: Multiplicity_CupEager.cfg
\* recorded: TLC cc6b616
\* expect: ok, 5 distinct, 5 generated, depth 2
\* cfg: Multiplicity_EnumRepeats.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 3 generated, depth 2
\* cfg: Multiplicity_MapRepeats.cfg
\* recorded: TLC cc6b616
\* expect: ok, 4 distinct, 4 generated, depth 2
\* cfg: Multiplicity_ExistsLazy.cfg
\* recorded: TLC cc6b616
\* expect: ok, 7 distinct, 7 generated, depth 2
\* cfg: Multiplicity_ExistsUnion.cfg
\* recorded: TLC cc6b616
\* expect: ok, 4 distinct, 4 generated, depth 2
\* cfg: Multiplicity_IfThen.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 3 generated, depth 2
\* cfg: Multiplicity_CaseFirst.cfg
\* recorded: TLC cc6b616
\* expect: ok, 2 distinct, 2 generated, depth 2
\* cfg: Multiplicity_Implies.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 3 generated, depth 2
\* cfg: Multiplicity_ImpliesFalse.cfg
\* recorded: TLC cc6b616
\* expect: ok, 2 distinct, 2 generated, depth 2
\* cfg: Multiplicity_AllConjuncts.cfg
\* recorded: TLC cc6b616
\* expect: ok, 2 distinct, 2 generated, depth 2
\* cfg: Multiplicity_SubseteqAssign.cfg
\* recorded: TLC cc6b616
\* expect: ok, 9 distinct, 9 generated, depth 2
\* cfg: Multiplicity_Square.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 6 generated, depth 3
\* cfg: Multiplicity_Angle.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 3 generated, depth 3
\* cfg: Multiplicity_LetAction.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 3 generated, depth 2
\* cfg: Multiplicity_OpAction.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 3 generated, depth 2
\* cfg: Multiplicity_Sub.cfg
\* recorded: TLC cc6b616
\* expect: ok, 9 distinct, 9 generated, depth 2
\* cfg: Multiplicity_Fcns.cfg
\* recorded: TLC cc6b616
\* expect: ok, 5 distinct, 5 generated, depth 2
\* cfg: Multiplicity_Recs.cfg
\* recorded: TLC cc6b616
\* expect: ok, 5 distinct, 5 generated, depth 2
\* cfg: Multiplicity_Cross.cfg
\* recorded: TLC cc6b616
\* expect: ok, 5 distinct, 5 generated, depth 2
\* cfg: Multiplicity_Filtered.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 3 generated, depth 2
\* cfg: Multiplicity_InCap.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 3 generated, depth 2
\* cfg: Multiplicity_InDiff.cfg
\* recorded: TLC cc6b616
\* expect: ok, 3 distinct, 3 generated, depth 2
---- MODULE Multiplicity ----
(* How often one successor is generated: what repeats, what merges (docs/differences-from-tlc.md). *)
EXTENDS Integers, FiniteSets
VARIABLES x, pc
Init == x = 0 /\ pc = 0
Stop == pc = 0 /\ pc' = 1
TwoDisjuncts == Stop /\ (x' = 2 \/ x' = 2)
ExistsBefore == Stop /\ (\E i \in 1..3 : TRUE) /\ x' = 2
DisjunctAfter == Stop /\ x' = 2 /\ (TRUE \/ TRUE)
ExistsAfter == Stop /\ x' = 2 /\ (\E i \in 1..3 : TRUE)
CupLazy == Stop /\ x' \in SUBSET {1, 2} \cup SUBSET {2, 3}
UnionEnum == Stop /\ x' \in UNION {1..2, 2..3}
UnionLazy == Stop /\ x' \in UNION {SUBSET {1}, SUBSET {1, 2}}
CupEager == Stop /\ x' \in (1..3) \cup {2, 3, 4}
EnumRepeats == Stop /\ x' \in {1, 1, 2}
MapRepeats == Stop /\ x' \in {y \div 2 : y \in 0..5}
ExistsLazy == Stop /\ \E v \in (SUBSET {1, 2} \cup SUBSET {2, 3}) : x' = v
ExistsUnion == Stop /\ \E v \in UNION {1..2, 2..3} : x' = v
IfThen == Stop /\ IF x = 0 THEN x' = 1 \/ x' = 2 ELSE x' = 3
CaseFirst == Stop /\ CASE x = 0 -> x' = 1 [] x = 0 -> x' = 2 [] OTHER -> x' = 3
Implies == Stop /\ (x = 0 => x' = 1 \/ x' = 5)
ImpliesFalse == Stop /\ x' = 4 /\ (x = 1 => x' = 7)
AllConjuncts == Stop /\ \A i \in 1..2 : x' \in {i, 2}
SubseteqAssign == Stop /\ x' \subseteq {1, 2, 3}
Square == [x' = x + 1 /\ x < 2]_x /\ UNCHANGED pc
Angle == x < 2 /\ <<x' \in {x, x + 1}>>_x /\ UNCHANGED pc
LetAction == Stop /\ LET a == x' \in {1, 2, 3} IN a /\ x' # 2
OpAction == LET Act(A) == Stop /\ A IN Act(x' \in {5, 6})
Sub == Stop /\ x' \in SUBSET {1, 2, 3}
Fcns == Stop /\ x' \in [{1, 2} -> {0, 1}]
Recs == Stop /\ x' \in [a : {1, 2}, b : {0, 1}]
Cross == Stop /\ x' \in {1, 2} \X {3, 4}
Filtered == Stop /\ x' \in {y \in SUBSET {1, 2} : 1 \in y}
InCap == Stop /\ x' \in (SUBSET {1, 2}) \cap (SUBSET {2, 3})
InDiff == Stop /\ x' \in (SUBSET {1, 2}) \ (SUBSET {2, 3})
TestAfter == Stop /\ x' = 3 /\ x' \in {3, 4} /\ x' \in SUBSET {1} \cup {3}
====
