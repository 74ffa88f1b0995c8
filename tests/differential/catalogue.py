"""The operators that composed specifications use: templates of expressions, by module.

    Row(key, module, kind, text)

`key` names the operator whose uses are counted, `kind` is the type of the whole. In the text `$int` stands for
an expression of that type, `$bool<x:int>` for one that may use the name %x, and `%x` for a name that occurs
nowhere else. Rows are total: their values exist whatever the parts are, as far as types tell. What fails
is planted by compose.py, on purpose and in one place. A key may have several rows.

Types: int, bool, str (strings), mv (model values), set (of int), ps (of mv), setset (of set), seq (of int),
tup (two integers), tups (set of tup), rec (fields a: int, b: bool), fcn (on 0..2 to int), pf (on Proc to int),
part (on part of 0..2 to int), bag (of int), nest (on Proc to records of a: int, s: set), mix (int or NoVal),
msgs (set of messages, which are records of two kinds).
"""
from collections import namedtuple

Row = namedtuple("Row", "key module kind text")

# Written as: module line "== Name"; then one row a line: key | type | text. Several modules may be needed
# (INSTANCE as NAME): "== Name as N" makes the operators N!op.
TEXT = r"""
== Language
/\ | bool | ($bool /\ $bool)
/\ | bool | ($bool \land $bool)
\/ | bool | ($bool \/ $bool)
\/ | bool | ($bool \lor $bool)
=> | bool | ($bool => $bool)
<=> | bool | ($bool <=> $bool)
<=> | bool | ($bool \equiv $bool)
~ | bool | (~$bool)
~ | bool | (\lnot $bool)
= | bool | ($int = $int)
= | bool | ($set = $set)
= | bool | ($seq = $seq)
= | bool | ($rec = $rec)
= | bool | ($fcn = $fcn)
= | bool | ($pf = $pf)
= | bool | ($part = $part)
= | bool | ($str = $str)
= | bool | ($mv = $mv)
= | bool | ($msgs = $msgs)
= | bool | ($nest = $nest)
= | bool | ($tups = $tups)
= | bool | ($setset = $setset)
= NoVal | bool | ($mix = NoVal)
/= | bool | ($tup # $tup)
/= | bool | ($int /= $int)
/= | bool | ($mv # $mv)
/= | bool | ($bag # $bag)
\in | bool | ($int \in $set)
\in | bool | ($mv \in $ps)
\in | bool | ($set \in $setset)
\in | bool | ($tup \in $tups)
\in | bool | ([type |-> "ack", from |-> $mv, val |-> $int] \in $msgs)
\in | bool | ([type |-> "req", from |-> $mv] \in $msgs)
\notin | bool | ($int \notin $set)
\notin | bool | ($mv \notin $ps)
\subseteq | bool | ($set \subseteq $set)
\subseteq | bool | ($ps \subseteq $ps)
\subseteq | bool | ($msgs \subseteq $msgs)
\subseteq | bool | ($tups \subseteq ($set \X $set))
in SUBSET | bool | ($set \in SUBSET $set)
in SUBSET | bool | ($ps \in SUBSET Proc)
in function set | bool | ($fcn \in [0..2 -> $set])
in function set | bool | ($pf \in [Proc -> $set])
in record set | bool | ($rec \in [a : $set, b : BOOLEAN])
in \X | bool | ($tup \in ($set \X $set))
\A | bool | (\A %x \in $set : $bool<x:int>)
\A | bool | (\A %p \in $ps : $bool<p:mv>)
\A | bool | (\A %s \in $setset : $bool<s:set>)
\A | bool | (\A %x, %y \in $set : $bool<x:int,y:int>)
\A | bool | (\A %x \in $set, %p \in Proc : $bool<x:int,p:mv>)
\A tuple | bool | (\A <<%x, %y>> \in $tups : $bool<x:int,y:int>)
\E | bool | (\E %x \in $set : $bool<x:int>)
\E | bool | (\E %p \in $ps : $bool<p:mv>)
\E | bool | (\E %x \in 0..2, %s \in $setset : $bool<x:int,s:set>)
\E | bool | (\E %m \in $msgs : %m.from \in $ps)
\E tuple | bool | (\E <<%x, %y>> \in $tups : $bool<x:int,y:int>)
CHOOSE | int | (CHOOSE %x \in {$int} \cup $set : \A %y \in $set : %x >= %y \/ $bool<x:int,y:int>)
CHOOSE | int | (LET %s == {%x \in $set : $bool<x:int>} IN IF %s = {} THEN 0 ELSE CHOOSE %y \in %s : TRUE)
CHOOSE | mv | (CHOOSE %p \in $ps \cup {$mv} : TRUE)
CHOOSE tuple | int | (LET %c == CHOOSE <<%x, %y>> \in {$tup} : TRUE IN %c[1])
IF | int | (IF $bool THEN $int ELSE $int)
IF | bool | (IF $bool THEN $bool ELSE $bool)
IF | set | (IF $bool THEN $set ELSE $set)
IF | mix | (IF $bool THEN NoVal ELSE $int)
IF | mix | (IF $bool THEN $mix ELSE NoVal)
IF | msgs | (IF $bool THEN $msgs ELSE {})
IF | str | (IF $bool THEN $str ELSE $str)
IF | mv | (IF $bool THEN $mv ELSE $mv)
IF NoVal | int | (LET %m == $mix IN IF %m = NoVal THEN $int ELSE %m)
CASE | int | (CASE $bool -> $int [] $bool -> $int [] OTHER -> $int)
CASE | set | (CASE $bool -> $set [] OTHER -> $set)
CASE | bool | (CASE $bool -> $bool [] OTHER -> $bool)
CASE | str | (CASE $bool -> "a" [] OTHER -> $str)
CASE without OTHER | int | (LET %n == $int IN CASE %n < 2 -> $int<n:int> [] %n >= 2 -> $int)
CASE without OTHER | str | (LET %n == $int IN CASE %n = 1 -> "b" [] %n > 1 -> $str [] %n < 1 -> "a")
LET | int | (LET %n == $int IN $int<n:int>)
LET | set | (LET %s == $set IN $set<s:set>)
LET | bool | (LET %n == $int %s == $set IN $bool<n:int,s:set>)
LET operator | int | (LET %f(%a) == $int<a:int> IN %f($int) + %f(1))
LET operator | bool | (LET %f(%a, %b) == $bool<a:int,b:int> IN %f($int, 1) /\ %f(2, $int))
LET function | int | (LET %f[%i \in 0..3] == IF %i = 0 THEN $int ELSE %f[%i - 1] + 1 IN %f[$int % 4])
LET function | int | (LET %f[%i \in 0..2] == $int<i:int> IN %f[$int % 3])
RECURSIVE | int | Sum($set)
RECURSIVE | int | Down($int % 4)
recursive function | int | Fact[$int % 4]
LAMBDA | int | Twice(LAMBDA %a : $int<a:int>, $int)
LAMBDA | bool | Every(LAMBDA %a : $bool<a:int>, $set)
operator argument | int | Twice(Inc, $int)
operator argument | int | Both(+, $int, $int)
user infix | int | ($int ++ $int)
nested module | int | In($int)!Up
nested module | bool | In($int)!Is($int)
INSTANCE | int | FS!Cardinality($set)
INSTANCE | int | SQ!Len($seq)
f[x] | int | $fcn[$int % 3]
f[x] | int | $pf[$mv]
f[x] | int | $tup[1]
f[x] | int | $tup[2]
f[x] | int | $nest[$mv].a
f[x] | set | $nest[$mv].s
f[x] | int | (LET %f == $part %i == $int IN IF %i \in DOMAIN %f THEN %f[%i] ELSE 0)
f[x, y] | int | [%x \in 0..1, %y \in 0..2 |-> $int<x:int,y:int>][$int % 2, $int % 3]
r.a | int | $rec.a
r.a | bool | $rec.b
r.a | int | $rec["a"]
[x |-> e] | fcn | [%i \in 0..2 |-> $int<i:int>]
[x |-> e] | pf | [%p \in Proc |-> $int<p:mv>]
[x |-> e] | part | [%i \in ($set \cap 0..2) |-> $int<i:int>]
[x |-> e] | nest | [%p \in Proc |-> [a |-> $int<p:mv>, s |-> $set<p:mv>]]
[x |-> e] | seq | [%i \in 1..($int % 3) |-> $int<i:int>]
[a |-> e] | rec | [a |-> $int, b |-> $bool]
<<e>> | tup | <<$int, $int>>
<<e>> | seq | <<$int>>
<<e>> | seq | <<$int, $int>>
EXCEPT | fcn | [$fcn EXCEPT ![$int % 3] = $int]
EXCEPT | pf | [$pf EXCEPT ![$mv] = $int]
EXCEPT | tup | [$tup EXCEPT ![2] = $int]
EXCEPT | rec | [$rec EXCEPT !.a = $int]
EXCEPT @ | fcn | [$fcn EXCEPT ![$int % 3] = @ + 1]
EXCEPT @ | pf | [$pf EXCEPT ![$mv] = (@ + $int) % 3]
EXCEPT @ | rec | [$rec EXCEPT !.b = ~@, !.a = @ + 1]
EXCEPT several | fcn | [$fcn EXCEPT ![0] = $int, ![1] = @ + $int]
EXCEPT several | pf | [$pf EXCEPT ![$mv] = $int, ![$mv] = @ + 1]
EXCEPT nested | nest | [$nest EXCEPT ![$mv].a = @ + 1]
EXCEPT nested | nest | [$nest EXCEPT ![$mv].s = @ \cup $set, ![$mv].a = $int]
EXCEPT outside | part | [$part EXCEPT ![$int % 4] = $int]
{e} | set | {$int, $int}
{e} | set | {$int}
{e} | ps | {$mv}
{e} | ps | {$mv, $mv}
{e} | msgs | {[type |-> "req", from |-> $mv]}
{e} | msgs | {[type |-> "ack", from |-> $mv, val |-> $int], [type |-> "req", from |-> $mv]}
{e} | tups | {$tup, $tup}
{e} | setset | {$set, {}}
{x : P} | set | {%x \in $set : $bool<x:int>}
{x : P} | ps | {%p \in $ps : $bool<p:mv>}
{x : P} | msgs | {%m \in $msgs : %m.from \in $ps}
{x : P} | msgs | {%m \in $msgs : IF %m.type = "ack" THEN %m.val = $int ELSE $bool}
{x : P} | setset | {%s \in $setset : $bool<s:set>}
{x : P} tuple | tups | {<<%x, %y>> \in $tups : $bool<x:int,y:int>}
{e : x} | set | {$int<x:int> : %x \in $set}
{e : x} | set | {$int<p:mv> : %p \in $ps}
{e : x} | set | {$int<x:int,y:int> : %x \in $set, %y \in 0..1}
{e : x} | ps | {%m.from : %m \in $msgs}
{e : x} | msgs | {[type |-> "req", from |-> %p] : %p \in $ps}
{e : x} | msgs | {[type |-> "ack", from |-> %p, val |-> $int<p:mv>] : %p \in $ps}
{e : x} | setset | {{%x, 0} : %x \in $set}
{e : x} tuple | set | {%x + %y : <<%x, %y>> \in $tups}
\cup | set | ($set \cup $set)
\cup | ps | ($ps \cup {$mv})
\cup | msgs | ($msgs \cup {[type |-> "req", from |-> $mv]})
\cup | msgs | ($msgs \cup $msgs)
\cup | setset | ($setset \union $setset)
\cup | tups | ($tups \cup {$tup})
\cap | set | ($set \cap $set)
\cap | ps | ($ps \cap $ps)
\cap | set | ($set \intersect $set)
\ | set | ($set \ $set)
\ | ps | ($ps \ {$mv})
\ | msgs | ($msgs \ {[type |-> "req", from |-> $mv]})
\ | ps | (Proc \ $ps)
\X | tups | (($set \cap 0..2) \X ($set \cap 0..2))
\X | bool | (<<$int, $bool, $mv>> \in ($set \X BOOLEAN \X $ps))
SUBSET | setset | (SUBSET ($set \cap 0..2))
SUBSET | bool | (\E %s \in SUBSET $ps : $bool<s:ps>)
UNION | set | (UNION $setset)
UNION | set | (UNION {$set, $set})
UNION | set | (UNION {$nest[%p].s : %p \in $ps})
DOMAIN | set | (DOMAIN $part)
DOMAIN | set | (DOMAIN $seq)
DOMAIN | ps | (DOMAIN $pf)
DOMAIN | bool | ("a" \in DOMAIN $rec)
[S -> T] | bool | (\E %f \in [0..1 -> $set] : $bool<>)
[S -> T] | pf | (CHOOSE %f \in [Proc -> {0, $int}] : TRUE)
[a : S] | bool | (\A %r \in [a : $set, b : BOOLEAN] : $bool<r:rec>)
string | str | "zz"
string | bool | ($str \in {"a", "zz"})
STRING | bool | ($str \in STRING)
BOOLEAN | bool | ($bool \in BOOLEAN)
ENABLED | bool | (ENABLED (tick' = tick + 1 /\ $bool))
ENABLED | bool | (ENABLED (tick' \in $set /\ tick' > tick))
number | int | (\b11 + $int)
number | int | (\o17 + $int)
number | int | (\h1F + $int)
== Integers
+ | int | ($int + $int)
- | int | ($int - $int)
-. | int | (-$int)
* | int | ($int * $int)
^ | int | (2 ^ ($int % 4))
\div | int | ($int \div 2)
\div | int | ($int \div (1 + ($int % 3)))
% | int | ($int % 3)
% | int | ($int % (1 + ($int % 4)))
.. | set | (0..($int % 4))
.. | set | (($int % 2)..($int % 4))
.. | bool | ($int \in ($int .. $int))
< | bool | ($int < $int)
<= | bool | ($int <= $int)
<= | bool | ($int =< $int)
> | bool | ($int > $int)
>= | bool | ($int \geq $int)
Nat | bool | ($int \in Nat)
Nat | bool | ($set \subseteq Nat)
Int | bool | ($int \in Int)
== Sequences
Len | int | Len($seq)
\o | seq | ($seq \o $seq)
\o | seq | ($seq \circ $seq)
\o | bool | ("a" \o "b" = $str)
Append | seq | Append($seq, $int)
Head | int | (LET %s == $seq IN IF %s = <<>> THEN 0 ELSE Head(%s))
Head | int | Head(<<$int>> \o $seq)
Tail | seq | (LET %s == $seq IN IF %s = <<>> THEN %s ELSE Tail(%s))
Tail | seq | Tail(Append($seq, $int))
SubSeq | seq | (LET %s == $seq IN SubSeq(%s, 1, Len(%s) - 1))
SubSeq | seq | (LET %s == $seq IN SubSeq(%s, 2, Len(%s)))
SelectSeq | seq | SelectSeq($seq, LAMBDA %a : $bool<a:int>)
SelectSeq | seq | SelectSeq($seq, IsEven)
Seq | bool | ($seq \in Seq($set))
Seq | bool | ($seq \in Seq(Nat))
== FiniteSets
Cardinality | int | Cardinality($set)
Cardinality | int | Cardinality($ps)
Cardinality | int | Cardinality($msgs)
Cardinality | int | Cardinality(SUBSET $set)
Cardinality | int | Cardinality($tups)
IsFiniteSet | bool | IsFiniteSet($set)
IsFiniteSet | bool | IsFiniteSet($ps)
== TLC
:> | part | (($int % 3) :> $int)
:> | pf | ([%p \in Proc |-> 0] @@ ($mv :> $int))
@@ | part | ($part @@ (1 :> $int))
@@ | part | ((($int % 3) :> $int) @@ $part)
@@ | fcn | (($part @@ [%i \in 0..2 |-> 0]))
Assert | bool | Assert($int \in Int, <<"never", $int>>)
Permutations | int | Cardinality(Permutations($ps))
Permutations | mv | (CHOOSE %f \in Permutations(Proc) : $bool \/ TRUE)[$mv]
SortSeq | seq | SortSeq($seq, LAMBDA %a, %b : %a < %b)
SortSeq | seq | SortSeq($seq, >)
ToString | bool | (ToString($int) = ToString($int))
ToString | str | (IF ToString($rec) = "x" THEN "a" ELSE $str)
ToString | str | ToString($int % 3)
TLCEval | set | TLCEval({%x \in $set : $bool<x:int>})
TLCEval | fcn | TLCEval([%i \in 0..2 |-> $int<i:int>])
TLCGet | bool | (TLCGet("level") > $int)
TLCGet | int | (TLCGet("level") % 3)
TLCSet | bool | (TLCSet(1, $int) /\ TLCGet(1) \in Int)
RandomElement | int | RandomElement({$int})
Any | bool | ($int \in Any)
JavaTime | bool | (JavaTime > 0)
Print | int | Print("seen", $int)
PrintT | bool | PrintT(<<"seen", $int>>)
== TLCExt
AssertEq | bool | (LET %n == $int IN AssertEq(%n, %n))
TLCNoOp | set | TLCNoOp($set)
TLCGetOrDefault | int | TLCGetOrDefault(17, $int)
TLCGetAndSet | int | TLCGetAndSet(19, LAMBDA %a, %b : %b, 1, 1)
TLCModelValue | bool | (TLCModelValue("fresh") # $mv)
TLCDefer | bool | TLCDefer(TRUE)
TLCCache | int | TLCCache(Sum(0..3), {})
TLCFP | bool | (TLCFP($seq) \in Int)
TLCEvalDefinition | bool | (TLCEvalDefinition("Proc") = $ps)
Trace | bool | (Len(Trace) >= 0)
AssertError | bool | AssertError("x", $int < 100000) 
== Bags
IsABag | bool | IsABag($bag)
IsABag | bool | IsABag($fcn)
BagToSet | set | BagToSet($bag)
SetToBag | bag | SetToBag($set)
BagIn | bool | BagIn($int, $bag)
EmptyBag | bool | ($bag = EmptyBag)
EmptyBag | bag | EmptyBag
(+) | bag | ($bag (+) $bag)
(+) | bag | ($bag \oplus SetToBag({$int}))
(-) | bag | ($bag (-) $bag)
(-) | bag | ($bag \ominus SetToBag({$int}))
\sqsubseteq | bool | ($bag \sqsubseteq $bag)
CopiesIn | int | CopiesIn($int, $bag)
BagUnion | bag | BagUnion({$bag, $bag})
SubBag | bool | (\E %b \in SubBag(SmallBag($bag)) : $bool<b:bag>)
SubBag | int | Cardinality(SubBag(SmallBag($bag)))
BagOfAll | bag | BagOfAll(LAMBDA %a : %a % 2, $bag)
BagOfAll | bag | BagOfAll(LAMBDA %a : $int<a:int>, $bag)
BagCardinality | int | BagCardinality($bag)
== BagsExt
BagAdd | bag | BagAdd($bag, $int)
BagRemove | bag | BagRemove($bag, $int)
BagRemoveAll | bag | BagRemoveAll($bag, $int)
FoldBag | int | FoldBag(LAMBDA %a, %b : %a + %b, 0, SmallBag($bag))
SumBag | int | SumBag(SmallBag($bag))
ProductBag | int | ProductBag(SmallBag($bag))
MapThenFoldBag | int | MapThenFoldBag(LAMBDA %a, %b : %a + %b, 0, LAMBDA %c : %c + 1, LAMBDA %s : CHOOSE %x \in %s : TRUE, SmallBag($bag))
== FiniteSetsExt
FoldSet | int | FoldSet(LAMBDA %a, %b : %a + %b, $int, $set)
FoldSet | seq | FoldSet(LAMBDA %a, %b : Append(%b, %a), <<>>, $set)
ReduceSet | int | ReduceSet(LAMBDA %a, %b : %a + %b, $set, 1)
SumSet | int | SumSet($set)
ProductSet | int | ProductSet($set)
MapThenSumSet | int | MapThenSumSet(LAMBDA %a : $int<a:int>, $set)
FlattenSet | set | FlattenSet($setset)
SymDiff | set | SymDiff($set, $set)
Quantify | int | Quantify($set, LAMBDA %a : $bool<a:int>)
kSubset | setset | kSubset(2, $set)
kSubset | bool | (\E %s \in kSubset(1, $set) : $bool<s:set>)
Max | int | Max({$int} \cup $set)
Min | int | Min({$int} \cup $set)
Choices | setset | Choices({{$int, 0}, {1, $int}})
Choices | bool | ($set \in Choices({{0}, {$int}}))
ChooseUnique | int | (LET %n == $int IN ChooseUnique({%n, %n + 1}, LAMBDA %a : %a = %n))
== SequencesExt
ToSet | set | ToSet($seq)
ToBag | bool | (ToBag($seq) = [%x \in ToSet($seq) |-> 1])
SetToSeq | seq | SetToSeq($set)
SetToSeqs | bool | ($seq \in SetToSeqs($set \cap 0..2))
SetToSeqs | int | Cardinality(SetToSeqs($set \cap 0..2))
SetToSortSeq | seq | SetToSortSeq($set, LAMBDA %a, %b : %a > %b)
SetToAllKPermutations | int | Cardinality(SetToAllKPermutations($set \cap 0..2))
TupleOf | bool | ($seq \in TupleOf($set, 2))
SeqOf | bool | ($seq \in SeqOf($set, 2))
BoundedSeq | bool | ($seq \in BoundedSeq($set, 2))
Contains | bool | Contains($seq, $int)
IsSorted | bool | IsSorted($seq, LAMBDA %a, %b : %a <= %b)
Reverse | seq | Reverse($seq)
Remove | seq | Remove($seq, $int)
ReplaceAll | seq | ReplaceAll($seq, $int, $int)
SelectInSeq | int | SelectInSeq($seq, LAMBDA %a : $bool<a:int>)
SelectLastInSeq | int | SelectLastInSeq($seq, LAMBDA %a : $bool<a:int>)
SelectInSubSeq | int | (LET %s == $seq IN SelectInSubSeq(%s, 1, Len(%s), LAMBDA %a : $bool<a:int>))
SelectLastInSubSeq | int | (LET %s == $seq IN SelectLastInSubSeq(%s, 1, Len(%s), LAMBDA %a : $bool<a:int>))
InsertAt | seq | InsertAt($seq, 1, $int)
ReplaceAt | seq | ReplaceAt(Append($seq, 0), 1, $int)
RemoveAt | seq | RemoveAt(Append($seq, $int), 1)
RemoveFirst | seq | RemoveFirst($seq, $int)
RemoveFirstMatch | seq | RemoveFirstMatch($seq, LAMBDA %a : $bool<a:int>)
Cons | seq | Cons($int, $seq)
Snoc | seq | Snoc($int, $seq)
Front | seq | Front(Append($seq, $int))
Last | int | Last(<<$int>> \o $seq)
IsPrefix | bool | IsPrefix($seq, $seq)
IsStrictPrefix | bool | IsStrictPrefix($seq, $seq)
IsSuffix | bool | IsSuffix($seq, $seq)
IsStrictSuffix | bool | IsStrictSuffix($seq, $seq)
Prefixes | bool | ($seq \in Prefixes($seq))
Suffixes | bool | ($seq \in Suffixes($seq))
CommonPrefixes | bool | ($seq \in CommonPrefixes({$seq, $seq}))
LongestCommonPrefix | seq | LongestCommonPrefix({$seq, $seq})
SeqMod | int | SeqMod($int, 3)
FoldSeq | int | FoldSeq(LAMBDA %a, %b : %a + %b, 0, $seq)
FoldLeft | int | FoldLeft(LAMBDA %a, %b : %a - %b, $int, $seq)
FoldRight | int | FoldRight(LAMBDA %a, %b : %a - %b, $seq, $int)
FoldLeftDomain | int | FoldLeftDomain(LAMBDA %a, %b : %a + %b, 0, $seq)
FoldRightDomain | int | FoldRightDomain(LAMBDA %a, %b : %a + %b, $seq, 0)
FlattenSeq | seq | FlattenSeq(<<$seq, $seq>>)
Zip | int | Len(Zip($seq, $seq))
Interleave | int | Interleave(<<$int, 1>>, <<0, $int>>)[2][1]
SubSeqs | bool | ($seq \in SubSeqs($seq))
AllSubSeqs | int | Cardinality(AllSubSeqs(Short($seq)))
IndexFirstSubSeq | int | (LET %s == $seq IN IndexFirstSubSeq(<<7>>, Append(%s, 7)))
ReplaceSubSeqAt | seq | ReplaceSubSeqAt(1, <<$int>>, <<0>>, Cons(0, $seq))
ReplaceFirstSubSeq | seq | ReplaceFirstSubSeq(<<$int>>, <<1>>, $seq)
ReplaceAllSubSeqs | bool | (ReplaceAllSubSeqs("b", "a", $str) = $str)
== Functions
Restrict | part | Restrict($fcn, $set \cap 0..2)
Restrict | part | (LET %f == $part IN Restrict(%f, $set \cap DOMAIN %f))
RestrictDomain | part | RestrictDomain($fcn, LAMBDA %a : $bool<a:int>)
RestrictValues | part | RestrictValues($fcn, LAMBDA %a : $bool<a:int>)
IsRestriction | bool | IsRestriction($part, $fcn)
Range | set | Range($fcn)
Range | set | Range($pf)
Range | set | Range($seq)
Pointwise | fcn | Pointwise($fcn, $fcn, LAMBDA %a, %b : %a + %b)
Inverse | bool | (Inverse([%i \in 0..2 |-> %i], 0..2, 0..2)[$int % 3] = $int)
AntiFunction | fcn | AntiFunction([%i \in 0..2 |-> 2 - %i])
IsInjective | bool | IsInjective($fcn)
Injection | int | Cardinality(Injection(0..1, $set))
Surjection | int | Cardinality(Surjection(0..2, {0, $int}))
Bijection | int | Cardinality(Bijection(0..1, {0, $int}))
ExistsInjection | bool | ExistsInjection($ps, $set)
ExistsSurjection | bool | ExistsSurjection($set, $ps)
ExistsBijection | bool | ExistsBijection($set, $ps)
FoldFunctionOnSet | int | FoldFunctionOnSet(LAMBDA %a, %b : %a + %b, 0, $fcn, $set \cap 0..2)
FoldFunction | int | FoldFunction(LAMBDA %a, %b : %a + %b, 0, $pf)
SumFunctionOnSet | int | SumFunctionOnSet($pf, $ps)
SumFunction | int | SumFunction($fcn)
== Folds
MapThenFoldSet | int | MapThenFoldSet(LAMBDA %a, %b : %a + %b, 0, LAMBDA %c : %c * 2, LAMBDA %s : CHOOSE %x \in %s : TRUE, $set)
MapThenFoldSet | seq | MapThenFoldSet(LAMBDA %a, %b : Append(%b, %a), <<>>, LAMBDA %c : %c, LAMBDA %s : CHOOSE %x \in %s : \A %y \in %s : %x >= %y, $set)
== Bitwise
& | int | (Abs($int) & 5)
bit or | int | (Abs($int) | 2)
^^ | int | (Abs($int) ^^ Abs($int))
Not | int | Not(Abs($int))
shiftR | int | shiftR(Abs($int), 1)
And | int | (LET %n == Abs($int) IN And(%n, 3, 0, %n))
Or | int | (LET %n == Abs($int) IN Or(4, %n % 4, 0, 4))
Xor | int | (LET %n == Abs($int) IN Xor(4, %n % 4, 0, 4))
NotR | int | (LET %n == Abs($int) IN NotR(%n, 0, %n))
== Combinatorics
factorial | int | factorial[Abs($int) % 5]
choose | int | choose(4, Abs($int) % 5)
== Relation
IsReflexive | bool | IsReflexive($rel, $set \cap 0..2)
IsReflexiveUnder | bool | IsReflexiveUnder(<=, $set)
IsIrreflexive | bool | IsIrreflexive($rel, $set \cap 0..2)
IsIrreflexiveUnder | bool | IsIrreflexiveUnder(LAMBDA %a, %b : $bool<a:int,b:int>, $set)
IsSymmetric | bool | IsSymmetric($rel, $set \cap 0..2)
IsSymmetricUnder | bool | IsSymmetricUnder(LAMBDA %a, %b : %a + %b = $int, $set)
IsAntiSymmetric | bool | IsAntiSymmetric($rel, $set \cap 0..2)
IsAntiSymmetricUnder | bool | IsAntiSymmetricUnder(<=, $set)
IsAsymmetric | bool | IsAsymmetric($rel, $set \cap 0..2)
IsAsymmetricUnder | bool | IsAsymmetricUnder(<, $set)
IsTransitive | bool | IsTransitive($rel, $set \cap 0..2)
IsTransitiveUnder | bool | IsTransitiveUnder(<, $set)
IsStrictlyPartiallyOrdered | bool | IsStrictlyPartiallyOrdered($rel, $set \cap 0..2)
IsStrictlyPartiallyOrderedUnder | bool | IsStrictlyPartiallyOrderedUnder(<, $set)
IsPartiallyOrdered | bool | IsPartiallyOrdered($rel, $set \cap 0..2)
IsPartiallyOrderedUnder | bool | IsPartiallyOrderedUnder(<=, $set)
IsStrictlyTotallyOrdered | bool | IsStrictlyTotallyOrdered($rel, $set \cap 0..2)
IsStrictlyTotallyOrderedUnder | bool | IsStrictlyTotallyOrderedUnder(<, $set)
IsTotallyOrdered | bool | IsTotallyOrdered($rel, $set \cap 0..2)
IsTotallyOrderedUnder | bool | IsTotallyOrderedUnder(<=, $set)
TransitiveClosure | bool | TransitiveClosure($rel, 0..2)[$int % 3, 1]
ReflexiveTransitiveClosure | bool | ReflexiveTransitiveClosure($rel, 0..2)[$int % 3, 1]
IsConnected | bool | IsConnected($rel, 0..2)
== Graphs
IsDirectedGraph | bool | IsDirectedGraph($graph)
DirectedSubgraph | bool | ([node |-> {0}, edge |-> {}] \in DirectedSubgraph($tiny))
EmptyGraph | bool | (EmptyGraph = [node |-> $set, edge |-> {}])
Graphs | bool | ($tiny \in Graphs({0, 1}))
GraphUnion | set | GraphUnion($graph, $tiny).node
Transpose | tups | Transpose($graph).edge
IsUndirectedGraph | bool | IsUndirectedGraph($graph)
UndirectedSubgraph | int | Cardinality(UndirectedSubgraph($tiny))
IsBipartiteWithPartitions | bool | IsBipartiteWithPartitions($graph, {0}, $set \ {0})
Path | bool | (<<0, 1>> \in Path($graph))
SimplePath | int | Cardinality(SimplePath($graph))
AreConnectedIn | bool | AreConnectedIn(0, $int % 3, $graph)
IsStronglyConnected | bool | IsStronglyConnected($graph)
ConnectionsIn | bool | ConnectionsIn($graph)[0, $int % 3]
HasCycle | bool | HasCycle($graph)
IsDag | bool | IsDag($graph)
IsTreeWithRoot | bool | IsTreeWithRoot($graph, 0)
Successors | set | Successors($graph, $int % 3)
Predecessors | set | Predecessors($graph, $int % 3)
AllSuccessors | set | AllSuccessors($graph, $set \cap 0..2)
AllPredecessors | set | AllPredecessors($graph, $set \cap 0..2)
InDegree | int | InDegree($graph, $int % 3)
OutDegree | int | OutDegree($graph, $int % 3)
Roots | set | Roots($graph)
Leaves | set | Leaves($graph)
Ancestors | set | Ancestors($graph, $int % 3)
Descendants | set | Descendants($graph, $int % 3)
== UndirectedGraphs as UG
UndirectedGraphs!IsUndirectedGraph | bool | UG!IsUndirectedGraph($ugraph)
IsLoopFreeUndirectedGraph | bool | UG!IsLoopFreeUndirectedGraph($ugraph)
UndirectedGraphs!SimplePath | int | Cardinality(UG!SimplePath($ugraph))
ConnectedComponents | setset | UG!ConnectedComponents($ugraph)
UndirectedGraphs!IsStronglyConnected | bool | UG!IsStronglyConnected($ugraph)
UndirectedGraphs!AreConnectedIn | bool | UG!AreConnectedIn(0, $int % 3, $ugraph)
== Option as OP
Some | bool | (OP!Some($int) = OP!Some($int))
None | bool | (OP!Some($int) # OP!None)
IsSome | bool | OP!IsSome(OP!Some($int))
IsNone | bool | OP!IsNone(OP!Some($int))
OptionCase | int | OP!OptionCase(OP!Some($int), LAMBDA %a : %a + 1, LAMBDA %u : 0)
OptionMap | bool | (OP!OptionMap(LAMBDA %a : $int<a:int>, OP!Some($int)) = OP!Some($int))
OptionFlatMap | bool | (OP!OptionFlatMap(LAMBDA %a : OP!Some(%a), OP!Some($int)) = OP!Some($int))
OptionFunApp | bool | (OP!OptionFunApp($fcn, OP!Some($int % 3)) = OP!Some($int))
OptionGetOrElse | int | OP!OptionGetOrElse(OP!Some($int), 0)
OptionToSeq | seq | OP!OptionToSeq(OP!Some($int))
OptionToSet | set | OP!OptionToSet(OP!Some($int))
OptionGuess | bool | (OP!OptionGuess({$int}) = OP!Some($int))
OptionPartialFun | bool | (OP!OptionPartialFun($fcn, {2})[0] = OP!Some($int))
== VectorClocks as VC
IsCausalOrder | bool | VC!IsCausalOrder(<<$fcn, $fcn>>, LAMBDA %a : %a)
CausalOrder | int | Len(VC!CausalOrder(<<[i |-> 1, c |-> <<1, 0>>], [i |-> 2, c |-> <<1, 1>>]>>, LAMBDA %e : %e.c, LAMBDA %e : %e.i, LAMBDA %c : DOMAIN %c))
== Json
ToJson | bool | (ToJson($seq) = ToJson($seq))
ToJson | str | (IF ToJson($rec) = "{}" THEN "a" ELSE $str)
"""

# What came later: for seeds from compose.LATER on, so that the earlier ones keep their texts. The additional types
# are grid (a function of two arguments, 0..1 and Proc, to int) and deep (on Proc to records of q: function on 0..1 to
# set, n: tup).
LATER_TEXT = r"""
== Language
mutual recursion | bool | IsEv($int % 5)
mutual recursion | bool | (IsOd($int % 4) /\ $bool)
mutual recursion | set | Ping($set)
mutual recursion | int | Cardinality(Pong($set))
RECURSIVE of two | int | Plus($int, $int % 4)
RECURSIVE of sequence | int | Total($seq)
RECURSIVE of sequence | int | Total($seq \o <<$int>>)
RECURSIVE in LET | int | (LET RECURSIVE %f(_) %f(%n) == IF %n <= 0 THEN $int ELSE %f(%n - 1) + 1 IN %f($int % 4))
recursive function of two | int | (LET %f[%i \in 0..2, %j \in 0..2] == IF %i = 0 THEN $int<j:int> ELSE %f[%i - 1, %j] + 1 IN %f[$int % 3, $int % 3])
[x, y |-> e] | grid | [%i \in 0..1, %p \in Proc |-> $int<i:int,p:mv>]
[x, y |-> e] | int | [%x, %y \in 0..1 |-> $int<x:int,y:int>][$int % 2, $int % 2]
[<<x, y>> |-> e] | int | (LET %f == [<<%x, %y>> \in $tups |-> $int<x:int,y:int>] %t == $tup IN IF %t \in DOMAIN %f THEN %f[%t] ELSE 0)
f[x, y] stored | int | $grid[$int % 2, $mv]
f[x, y] stored | int | $grid[<<$int % 2, $mv>>]
f[x, y] stored | bool | (<<$int, $mv>> \in DOMAIN $grid)
f[x, y] stored | bool | ($grid \in [(0..1) \X Proc -> $set])
f[x, y] stored | bool | (\A %p \in Proc : $grid[1, %p] = $int<p:mv>)
EXCEPT ![x, y] | grid | [$grid EXCEPT ![$int % 2, $mv] = $int]
EXCEPT ![x, y] | grid | [$grid EXCEPT ![$int % 2, $mv] = @ + $int, ![<<0, $mv>>] = @ + 1]
EXCEPT path | deep | [$deep EXCEPT ![$mv].q[$int % 2] = @ \cup {$int}]
EXCEPT path | deep | [$deep EXCEPT ![$mv].n[1] = @ + 1, ![$mv].q[0] = $set]
EXCEPT path | deep | [$deep EXCEPT ![$mv].q = [@ EXCEPT ![1] = $set], ![$mv]["n"][2] = $int]
EXCEPT path | deep | [$deep EXCEPT ![$mv] = [@ EXCEPT !.n = $tup, !.q[$int % 2] = $set]]
f[x].a[y] | set | $deep[$mv].q[$int % 2]
f[x].a[y] | int | $deep[$mv].n[2]
f[x].a[y] | bool | (\E %p \in Proc : $deep[%p].q[0] = $set<p:mv>)
ENABLED \E | bool | (ENABLED (\E %x \in $set : tick' = %x /\ %x > tick))
ENABLED \E | bool | (\E %x \in $set : ENABLED (tick' = %x /\ $bool<x:int>))
"""

# Parts that have a type of their own but are never stored.
INLINE = {
    "rel": r"[%q \in (0..2) \X (0..2) |-> LET %x == %q[1] %y == %q[2] IN $bool<x:int,y:int>]",
    "graph": r"[node |-> 0..2, edge |-> $tups \cap ((0..2) \X (0..2))]",
    "tiny": r"[node |-> {0, 1}, edge |-> $tups \cap ({0, 1} \X {0, 1})]",
    "ugraph": r"[node |-> 0..2, edge |-> {{%t[1] % 3, %t[2] % 3} : %t \in $tups}]",
}


def read(text):
    """All rows, and the name under which a module is instantiated (None: extended)."""
    rows, instances, module = [], {}, None
    for line in text.strip().split("\n"):
        if line.startswith("== "):
            parts = line[3:].split(" as ")
            module = parts[0]
            instances[module] = parts[1] if len(parts) > 1 else None
        else:
            key, kind, text = line.split(" | ", 2)
            rows.append(Row(key, module, kind, text.strip()))
    return rows, instances


ROWS, INSTANCES = read(TEXT)
LATER_ROWS = read(LATER_TEXT)[0]
KEYS = list(dict.fromkeys(row.key for row in ROWS))
LATER_KEYS = list(dict.fromkeys(row.key for row in LATER_ROWS))
# Modules that every composed specification extends.
BASE = ["Integers", "Sequences", "FiniteSets", "TLC"]
