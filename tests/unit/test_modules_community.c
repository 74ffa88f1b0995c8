/* Natives of the community modules: results, borderline values, errors by name. */
#include "module_calls.h"

static fm_value pair_up(struct fm_native_context *context, const fm_value *arguments)
{
    return fm_tuple(context->values, arguments, 2);
}
static fm_value add(struct fm_native_context *context, const fm_value *arguments)
{
    return fm_int_add(context->values, arguments[0], arguments[1]);
}
static fm_value is_even(struct fm_native_context *context, const fm_value *arguments)
{
    (void)context;
    return fm_bool(fm_small_get(arguments[0]) % 2 == 0);
}
static fm_value twice(struct fm_native_context *context, const fm_value *arguments)
{
    return fm_int_mul(context->values, arguments[0], fm_small(2));
}
static fm_value last_of(struct fm_native_context *context, const fm_value *arguments)
{
    uint32_t count = 0;
    const fm_value *elements = fm_set_elements(context->values, arguments[0], &count);
    return elements[count - 1];
}
static fm_value never_in(struct fm_native_context *context, const fm_value *arguments)
{
    (void)context;
    (void)arguments;
    return fm_small(-99);
}
static fm_value less(struct fm_native_context *context, const fm_value *arguments)
{
    return fm_bool(fm_int_compare(context->values, arguments[0], arguments[1]) < 0);
}
static fm_value first_of(struct fm_native_context *context, const fm_value *arguments)
{
    return fm_fcn_apply(context->values, arguments[0], fm_small(1));
}
static fm_value second_of(struct fm_native_context *context, const fm_value *arguments)
{
    return fm_fcn_apply(context->values, arguments[0], fm_small(2));
}
static fm_value domain_of(struct fm_native_context *context, const fm_value *arguments)
{
    return fm_fcn_domain(context->values, arguments[0]);
}
static fm_value label(struct fm_native_context *context, const fm_value *arguments)
{
    (void)arguments;
    return fm_string_of(context->values, "n", 1);
}
static const struct calls_closure pair_closure = {pair_up};
static const struct calls_closure add_closure = {add};
static const struct calls_closure even_closure = {is_even};
static const struct calls_closure twice_closure = {twice};
static const struct calls_closure last_closure = {last_of};
static const struct calls_closure never_closure = {never_in};
static const struct calls_closure less_closure = {less};
static const struct calls_closure first_closure = {first_of};
static const struct calls_closure second_closure = {second_of};
static const struct calls_closure domain_closure = {domain_of};
static const struct calls_closure label_closure = {label};

static void test_folds(void **state)
{
    struct calls *c = *state;
    fm_value pair = O(c, &pair_closure, 2);
    fm_value set = interval(c, 1, 3);
    fm_value s = T(c, I(7), I(8));
    /* The last one chosen is combined with the base first. */
    EQ("<<6, <<4, <<2, 0>>>>>>", "Folds", "MapThenFoldSet", pair, I(0), O(c, &twice_closure, 1),
       O(c, &last_closure, 1), set);
    NO(4202, "it chose -99", "Folds", "MapThenFoldSet", pair, I(0), O(c, &twice_closure, 1),
       O(c, &never_closure, 1), set);
    EQ("<<3, <<2, <<1, 0>>>>>>", "FiniteSetsExt", "FoldSet", pair, I(0), set);
    EQ("<<3, <<2, <<1, 0>>>>>>", "FiniteSetsExt", "ReduceSet", pair, set, I(0));
    EQ("<<8, <<7, 0>>>>", "Functions", "FoldFunction", pair, I(0), s);
    EQ("<<8, 0>>", "Functions", "FoldFunctionOnSet", pair, I(0), s, SET(c, I(2)));
    NO(4004, "", "Functions", "FoldFunctionOnSet", pair, I(0), s, SET(c, I(3)));
    EQ("<<8, <<7, 0>>>>", "SequencesExt", "FoldSeq", pair, I(0), s);
    EQ("<<<<0, 7>>, 8>>", "SequencesExt", "FoldLeft", pair, I(0), s);
    EQ("<<7, <<8, 0>>>>", "SequencesExt", "FoldRight", pair, s, I(0));
    EQ("<<<<0, 1>>, 2>>", "SequencesExt", "FoldLeftDomain", pair, I(0), s);
    EQ("<<1, <<2, 0>>>>", "SequencesExt", "FoldRightDomain", pair, s, I(0));
    EQ("<<<<0, 1>>, 2>>", "Apalache", "ApaFoldSet", pair, I(0), interval(c, 1, 2));
    EQ("<<<<0, 7>>, 8>>", "Apalache", "ApaFoldSeqLeft", pair, I(0), s);
    EQ("<<<<0, 1>>, 2>>", "Apalache", "Repeat", pair, I(2), I(0));
    EQ("0", "Apalache", "Repeat", pair, I(-1), I(0));
    EQ("<<5, 6>>", "Apalache", "SetAsFun", SET(c, T(c, I(2), I(6)), T(c, I(1), I(5))));
    NO(4201, "third argument of FoldLeft must be a sequence", "SequencesExt", "FoldLeft", pair,
       I(0), set);
}

static void test_finite_sets_ext(void **state)
{
    struct calls *c = *state;
    fm_value set = interval(c, 1, 4);
    EQ("10", "FiniteSetsExt", "SumSet", set);
    EQ("24", "FiniteSetsExt", "ProductSet", set);
    EQ("20", "FiniteSetsExt", "MapThenSumSet", O(c, &twice_closure, 1), set);
    EQ("2", "FiniteSetsExt", "Quantify", set, O(c, &even_closure, 1));
    EQ("{{1, 2}, {1, 3}, {2, 3}}", "FiniteSetsExt", "kSubset", I(2), interval(c, 1, 3));
    EQ("{}", "FiniteSetsExt", "kSubset", I(9), set);
    EQ("{{}}", "FiniteSetsExt", "kSubset", I(0), set);
    EQ("4", "FiniteSetsExt", "Max", set);
    EQ("1", "FiniteSetsExt", "Min", set);
    NO(4202, "not empty", "FiniteSetsExt", "Max", fm_set_empty());
    NO(4201, "set of integers", "FiniteSetsExt", "Min", SET(c, S(c, "a")));
    NO(4203, "Quantify", "FiniteSetsExt", "Quantify", set, O(c, &twice_closure, 1));
}

static void test_functions(void **state)
{
    struct calls *c = *state;
    fm_value set = interval(c, 1, 2);
    fm_value three = interval(c, 1, 3);
    EQ("{5, 6}", "Functions", "Range", T(c, I(6), I(5), I(6)));
    EQ("TRUE", "Functions", "IsInjective", T(c, I(6), I(5)));
    EQ("FALSE", "Functions", "IsInjective", T(c, I(6), I(6)));
    EQ("(5 :> 2 @@ 6 :> 1)", "Functions", "AntiFunction", T(c, I(6), I(5)));
    EQ("<<1>>", "Functions", "AntiFunction", T(c, I(1), I(1)));
    EQ("{<<1, 2>>, <<1, 3>>, <<2, 1>>, <<2, 3>>, <<3, 1>>, <<3, 2>>}", "Functions", "Injection",
       set, three);
    EQ("{}", "Functions", "Injection", three, set);
    EQ("{<<1, 2>>, <<2, 1>>}", "Functions", "Bijection", set, set);
    EQ("{}", "Functions", "Bijection", set, three);
    EQ("{<<>>}", "Functions", "Bijection", fm_set_empty(), fm_set_empty());
    EQ("TRUE", "Functions", "ExistsInjection", set, three);
    EQ("FALSE", "Functions", "ExistsSurjection", set, three);
    EQ("TRUE", "Functions", "ExistsSurjection", three, set);
    EQ("FALSE", "Functions", "ExistsSurjection", three, fm_set_empty());
    EQ("TRUE", "Functions", "ExistsSurjection", fm_set_empty(), fm_set_empty());
    EQ("FALSE", "Functions", "ExistsBijection", set, three);
    EQ("11", "Functions", "SumFunction", T(c, I(6), I(5)));
    EQ("5", "Functions", "SumFunctionOnSet", T(c, I(6), I(5)), SET(c, I(2)));
    NO(4201, "finite set", "Functions", "ExistsInjection", set, fm_set_constant(FM_KIND_NAT));
    NO(4201, "function with a finite domain", "Functions", "IsInjective", set);
}

static void test_sequences_ext(void **state)
{
    struct calls *c = *state;
    fm_value s = T(c, I(3), I(1), I(3));
    fm_value even = O(c, &even_closure, 1);
    fm_value mixed = T(c, I(1), I(2), I(3), I(4));
    EQ("{1, 3}", "SequencesExt", "ToSet", s);
    EQ("<<1, 2>>", "SequencesExt", "SetToSeq", SET(c, I(2), I(1)));
    EQ("{<<1, 2>>, <<2, 1>>}", "SequencesExt", "SetToSeqs", SET(c, I(2), I(1)));
    EQ("<<1, 2>>", "SequencesExt", "SetToSortSeq", SET(c, I(2), I(1)), O(c, &less_closure, 2));
    EQ("TRUE", "SequencesExt", "Contains", s, I(1));
    EQ("FALSE", "SequencesExt", "Contains", s, I(2));
    EQ("2", "SequencesExt", "SelectInSeq", mixed, even);
    EQ("4", "SequencesExt", "SelectLastInSeq", mixed, even);
    EQ("0", "SequencesExt", "SelectInSeq", s, even);
    EQ("4", "SequencesExt", "SelectInSubSeq", mixed, I(3), I(4), even);
    EQ("2", "SequencesExt", "SelectLastInSubSeq", mixed, I(1), I(3), even);
    EQ("0", "SequencesExt", "SelectInSubSeq", mixed, I(4), I(3), even);
    NO(4206, "places are 1..4", "SequencesExt", "SelectInSubSeq", mixed, I(3), I(5), even);
    EQ("<<4, 3, 2, 1>>", "SequencesExt", "Reverse", mixed);
    EQ("<<1>>", "SequencesExt", "Remove", s, I(3));
    EQ("<<1, 3>>", "SequencesExt", "RemoveFirst", s, I(3));
    EQ("<<3, 1, 3>>", "SequencesExt", "RemoveFirst", s, I(9));
    EQ("<<1, 3, 4>>", "SequencesExt", "RemoveFirstMatch", mixed, even);
    EQ("<<3, 1, 3>>", "SequencesExt", "RemoveFirstMatch", s, even);
    EQ("<<9, 3, 1, 3>>", "SequencesExt", "Cons", I(9), s);
    EQ("3", "SequencesExt", "Last", s);
    NO(4205, "Last of the empty sequence", "SequencesExt", "Last", EMPTY(c));
    EQ("<<3, 1, 3, 3, 1, 3>>", "SequencesExt", "FlattenSeq", T(c, s, EMPTY(c), s));
    EQ("\"abc\"", "SequencesExt", "FlattenSeq", T(c, S(c, "ab"), S(c, "c")));
    NO(4201, "sequence of strings", "SequencesExt", "FlattenSeq", T(c, S(c, "ab"), s));
    EQ("\"\"", "SequencesExt", "FlattenSeq", S(c, ""));
    NO(4201, "FlattenSeq", "SequencesExt", "FlattenSeq", S(c, "a"));
}

static void test_prefixes(void **state)
{
    struct calls *c = *state;
    fm_value s = T(c, I(1), I(2));
    fm_value t = T(c, I(1), I(2), I(3));
    EQ("TRUE", "SequencesExt", "IsPrefix", s, t);
    EQ("FALSE", "SequencesExt", "IsPrefix", t, s);
    EQ("TRUE", "SequencesExt", "IsPrefix", S(c, "a"), S(c, "ab"));
    EQ("FALSE", "SequencesExt", "IsPrefix", S(c, "b"), S(c, "ab"));
    EQ("{<<>>, <<1>>, <<1, 2>>}", "SequencesExt", "Prefixes", s);
    EQ("{<<>>, <<2>>, <<1, 2>>}", "SequencesExt", "Suffixes", s);
    EQ("<<1, 2>>", "SequencesExt", "LongestCommonPrefix", SET(c, t, s));
    EQ("<<>>", "SequencesExt", "LongestCommonPrefix", SET(c, t, T(c, I(2))));
    EQ("\"ab\"", "SequencesExt", "LongestCommonPrefix", SET(c, S(c, "abc"), S(c, "abd")));
    EQ("\"a\"", "SequencesExt", "LongestCommonPrefix",
       SET(c, S(c, "a\xc3\xb6"), S(c, "a\xc3\xa4")));
    NO(4202, "not empty", "SequencesExt", "LongestCommonPrefix", fm_set_empty());
    EQ("{<<>>, <<1>>, <<2>>, <<1, 2>>}", "SequencesExt", "AllSubSeqs", s);
}

static void test_replace(void **state)
{
    struct calls *c = *state;
    fm_value t = T(c, I(1), I(2), I(1), I(2));
    fm_value r = T(c, I(9));
    EQ("<<9, 1, 2>>", "SequencesExt", "ReplaceFirstSubSeq", r, T(c, I(1), I(2)), t);
    EQ("<<9, 9>>", "SequencesExt", "ReplaceAllSubSeqs", r, T(c, I(1), I(2)), t);
    EQ("<<9, 1, 2, 1, 2>>", "SequencesExt", "ReplaceFirstSubSeq", r, EMPTY(c), t);
    EQ("<<9, 1, 9, 2, 9, 1, 9, 2>>", "SequencesExt", "ReplaceAllSubSeqs", r, EMPTY(c), t);
    EQ("<<9>>", "SequencesExt", "ReplaceAllSubSeqs", r, EMPTY(c), EMPTY(c));
    EQ("\"xbab\"", "SequencesExt", "ReplaceFirstSubSeq", S(c, "x"), S(c, "a"), S(c, "abab"));
    EQ("\"xbxb\"", "SequencesExt", "ReplaceAllSubSeqs", S(c, "x"), S(c, "a"), S(c, "abab"));
    EQ("\"xa\"", "SequencesExt", "ReplaceAllSubSeqs", S(c, "x"), S(c, "aa"), S(c, "aaa"));
    EQ("\"x\xc3\xb6xb\"", "SequencesExt", "ReplaceAllSubSeqs", S(c, "x"), S(c, ""),
       S(c, "\xc3\xb6"
            "b"));
    NO(4201, "second argument of ReplaceAllSubSeqs", "SequencesExt", "ReplaceAllSubSeqs", r,
       S(c, "a"), t);
}

static void test_bags_ext(void **state)
{
    struct calls *c = *state;
    fm_value bag = T(c, I(2), I(1));
    EQ("<<3, 1>>", "BagsExt", "BagAdd", bag, I(1));
    EQ("<<2, 1, 1>>", "BagsExt", "BagAdd", bag, I(3));
    EQ("<<1, 1>>", "BagsExt", "BagRemove", bag, I(1));
    EQ("<<2>>", "BagsExt", "BagRemove", bag, I(2));
    EQ("<<2, 1>>", "BagsExt", "BagRemove", bag, I(5));
    EQ("<<<<<<0, 1>>, 1>>, 2>>", "BagsExt", "FoldBag", O(c, &pair_closure, 2), I(0), bag);
    EQ("4", "BagsExt", "SumBag", bag);
    EQ("0", "BagsExt", "SumBag", EMPTY(c));
    EQ("2", "BagsExt", "ProductBag", bag);
    NO(4201, "copies of 1 in it is 0", "BagsExt", "FoldBag", O(c, &add_closure, 2), I(0),
       T(c, I(0)));
}

static void test_bits_and_numbers(void **state)
{
    struct calls *c = *state;
    EQ("8", "Bitwise", "&", I(12), I(10));
    EQ("14", "Bitwise", "|", I(12), I(10));
    EQ("6", "Bitwise", "^^", I(12), I(10));
    EQ("8", "Bitwise", "And", I(12), I(10), I(0), I(12));
    EQ("14", "Bitwise", "Or", I(12), I(10), I(0), I(12));
    EQ("6", "Bitwise", "Xor", I(12), I(10), I(0), I(12));
    EQ("2", "Bitwise", "Not", I(5));
    EQ("0", "Bitwise", "Not", I(0));
    EQ("0", "Bitwise", "Not", I(7));
    NO(4202, "natural number", "Bitwise", "Not", I(-1));
    EQ("3", "Bitwise", "shiftR", I(12), I(2));
    EQ("0", "Bitwise", "shiftR", I(12), I(99));
    EQ("-1", "Bitwise", "shiftR", I(-12), I(99));
    fm_value big = CALL(c, "Integers", "^", I(2), I(100));
    fm_value bits = CALL(c, "Integers", "+", big, I(5));
    EQ("1267650600228229401496703205377", "Bitwise", "&", bits,
       CALL(c, "Integers", "+", big, I(9)));
    EQ("12", "Bitwise", "^^", bits, CALL(c, "Integers", "+", big, I(9)));
    EQ("5", "Bitwise", "&", bits, I(7));
    EQ("1024", "Bitwise", "shiftR", big, I(90));
    EQ("10", "Combinatorics", "choose", I(5), I(2));
    EQ("0", "Combinatorics", "choose", I(2), I(5));
    EQ("100891344545564193334812497256", "Combinatorics", "choose", I(100), I(50));
    NO(4202, "natural number", "Combinatorics", "choose", I(-1), I(0));
    fm_value names = CALL(c, "TLC", "@@", CALL(c, "TLC", ":>", S(c, "num"), I(4)),
                          CALL(c, "TLC", ":>", S(c, "den"), I(8)));
    fm_value reduced = CALL(c, "DyadicRationals", "Reduce", names);
    assert_int_equal(fm_small_get(fm_fcn_apply(&c->values, reduced, S(c, "num"))), 1);
    assert_int_equal(fm_small_get(fm_fcn_apply(&c->values, reduced, S(c, "den"))), 2);
    NO(4201, "num and den", "DyadicRationals", "Reduce", CALL(c, "TLC", ":>", S(c, "a"), I(1)));
}

/* Critical values of the chi-square distribution: 11.0705 for 5 degrees of freedom at 0.05, 124.342
 * for 100 at 0.05, 6.6349 for 1 at 0.01 (NIST/SEMATECH e-Handbook 1.3.6.7.4). */
static void test_chi_square(void **state)
{
    struct calls *c = *state;
    fm_value even = T(c, I(1000), I(1000));
    /* 2 * d^2 / 1000: d = 57 gives 6.498, d = 58 gives 6.728. */
    EQ("TRUE", "Statistics", "ChiSquare", even, T(c, I(1057), I(943)), S(c, "0.01"));
    EQ("FALSE", "Statistics", "ChiSquare", even, T(c, I(1058), I(942)), S(c, "0.01"));
    fm_value die = T(c, I(100), I(100), I(100), I(100), I(100), I(100));
    /* 2 * d^2 / 100: d = 23 gives 10.58, d = 24 gives 11.52. */
    EQ("TRUE", "Statistics", "ChiSquare", die, T(c, I(123), I(77), I(100), I(100), I(100), I(100)),
       S(c, "0.05"));
    EQ("FALSE", "Statistics", "ChiSquare", die, T(c, I(124), I(76), I(100), I(100), I(100), I(100)),
       S(c, "0.05"));
    /* Totals differ: the expected counts are scaled. */
    EQ("TRUE", "Statistics", "ChiSquare", T(c, I(1), I(3)), T(c, I(251), I(749)), S(c, "0.05"));
    NO(4202, "at least 2", "Statistics", "ChiSquare", T(c, I(1)), T(c, I(1)), S(c, "0.05"));
    NO(4202, "(0, 0.5]", "Statistics", "ChiSquare", even, even, S(c, "0.6"));
    NO(4202, "positive values", "Statistics", "ChiSquare", T(c, I(0), I(1)), even, S(c, "0.1"));
}

static fm_value graph(struct calls *c, fm_value nodes, fm_value edges)
{
    return CALL(c, "TLC", "@@", CALL(c, "TLC", ":>", S(c, "node"), nodes),
                CALL(c, "TLC", ":>", S(c, "edge"), edges));
}

static void test_graphs(void **state)
{
    struct calls *c = *state;
    fm_value g = graph(c, interval(c, 1, 3),
                       SET(c, T(c, I(1), I(2)), T(c, I(2), I(1)), T(c, I(9), I(1)), T(c, I(3))));
    EQ("{<<1>>, <<2>>, <<3>>, <<1, 2>>, <<2, 1>>}", "Graphs", "SimplePath", g);
    EQ("TRUE", "Graphs", "AreConnectedIn", I(1), I(2), g);
    EQ("FALSE", "Graphs", "AreConnectedIn", I(1), I(3), g);
    EQ("FALSE", "Graphs", "AreConnectedIn", I(9), I(9), g);
    EQ("TRUE", "Graphs", "AreConnectedIn", I(3), I(3), g);
    EQ("FALSE", "Graphs", "IsStronglyConnected", g);
    fm_value line = graph(c, interval(c, 1, 2), SET(c, T(c, I(1), I(2))));
    EQ("FALSE", "Graphs", "IsStronglyConnected", line);
    fm_value ring = graph(c, interval(c, 1, 2), SET(c, T(c, I(1), I(2)), T(c, I(2), I(1))));
    EQ("TRUE", "Graphs", "IsStronglyConnected", ring);
    NO(4201, "fields node and edge", "Graphs", "SimplePath", I(3));
    fm_value u = graph(c, interval(c, 1, 4),
                       SET(c, SET(c, I(1), I(2)), SET(c, I(3)), SET(c, I(2), I(3))));
    EQ("{{4}, {1, 2, 3}}", "UndirectedGraphs", "ConnectedComponents", u);
    EQ("TRUE", "UndirectedGraphs", "AreConnectedIn", I(3), I(1), u);
    EQ("{<<1>>, <<2>>, <<3>>, <<4>>, <<1, 2>>, <<2, 1>>, <<2, 3>>, <<3, 2>>, <<1, 2, 3>>, <<3, 2, "
       "1>>}",
       "UndirectedGraphs", "SimplePath", u);
    EQ("{<<1, 2>>, <<1, 3>>, <<2, 3>>}", "TransitiveClosure", "Warshall",
       SET(c, T(c, I(1), I(2)), T(c, I(2), I(3))));
    NO(4201, "set of pairs", "TransitiveClosure", "Warshall", SET(c, I(1)));
}

static void test_relations(void **state)
{
    struct calls *c = *state;
    struct fm_value_context *values = &c->values;
    fm_value set = interval(c, 1, 3);
    fm_value square = fm_cross(values, VALUES(set, set), 2);
    const fm_value t = fm_bool(true);
    const fm_value f = fm_bool(false);
    fm_value chain = fm_fcn(values, square, VALUES(f, t, f, f, f, t, f, f, f), 9);
    fm_value closed = CALL(c, "Relation", "TransitiveClosure", chain, set);
    assert_true(fm_value_equal(values, closed,
                               fm_fcn(values, square, VALUES(f, t, t, f, f, t, f, f, f), 9)));
    fm_value reflexive = CALL(c, "Relation", "ReflexiveTransitiveClosure", chain, set);
    assert_true(fm_value_equal(values, reflexive,
                               fm_fcn(values, square, VALUES(t, t, t, f, t, t, f, f, t), 9)));
    EQ("FALSE", "Relation", "IsConnected", chain, set);
    fm_value cycle = fm_fcn(values, square, VALUES(f, t, f, f, f, t, t, f, f), 9);
    EQ("TRUE", "Relation", "IsConnected", cycle, set);
    NO(4201, "Boolean function on pairs", "Relation", "IsConnected", I(1), set);
}

/* Events are <<clock, node, name>>; the clock is a function of the nodes 1..2. */
static void test_causal_order(void **state)
{
    struct calls *c = *state;
    fm_value a = T(c, T(c, I(1), I(0)), I(1));
    fm_value b = T(c, T(c, I(2), I(2)), I(1));
    fm_value x = T(c, T(c, I(0), I(1)), I(2));
    fm_value y = T(c, T(c, I(1), I(2)), I(2));
    fm_value clock = O(c, &first_closure, 1);
    fm_value node = O(c, &second_closure, 1);
    fm_value domain = O(c, &domain_closure, 1);
    EQ("<<<<<<1, 0>>, 1>>, <<<<0, 1>>, 2>>, <<<<1, 2>>, 2>>, <<<<2, 2>>, 1>>>>", "VectorClocks",
       "CausalOrder", T(c, b, y, a, x), clock, node, domain);
    NO(4202, "not in the log", "VectorClocks", "CausalOrder", T(c, b, a), clock, node, domain);
    EQ("<<>>", "VectorClocks", "CausalOrder", EMPTY(c), clock, node, domain);
}

static void test_pictures(void **state)
{
    struct calls *c = *state;
    fm_value none = EMPTY(c);
    fm_value attrs = CALL(c, "TLC", ":>", S(c, "font_size"), S(c, "9"));
    const struct fm_symbol *names[4];
    const char *const spellings[] = {"name", "attrs", "children", "innerText"};
    for (int i = 0; i < 4; i++) {
        names[i] = fm_symbol_of(c->values.symbols, spellings[i]);
    }
    fm_value text = fm_record(&c->values, names, VALUES(S(c, "text"), attrs, none, S(c, "<<1>>")),
                              4);
    fm_value group = fm_record(&c->values, names, VALUES(S(c, "g"), none, T(c, text), S(c, "")), 4);
    EQ("\"<g><text font-size='9'>&lt;&lt;1&gt;&gt;</text></g>\"", "SVG", "SVGElemToString", group);
    NO(4201, "SVG element", "SVG", "SVGElemToString", I(1));
    EQ("[x |-> 20, y |-> 10]", "SVG", "NodeOfRingNetwork", I(10), I(10), I(10), I(0), I(4));
    fm_value from = CALL(c, "SVG", "NodeOfRingNetwork", I(0), I(0), I(0), I(0), I(4));
    fm_value to = CALL(c, "SVG", "NodeOfRingNetwork", I(-5), I(9), I(0), I(0), I(4));
    EQ("[x |-> -2, y |-> 4]", "SVG", "PointOnLine", from, to, I(2));
    NO(4202, "other than 0", "SVG", "PointOnLine", from, to, I(0));
    fm_value view = CALL(c, "TLC", "@@", CALL(c, "TLC", ":>", S(c, "view_width"), I(100)),
                         CALL(c, "TLC", ":>", S(c, "view_height"), I(200)));
    EQ("<<[x |-> 50, y |-> 50], [x |-> 50, y |-> 150]>>", "SVG", "NodesOfDirectedMultiGraph",
       interval(c, 1, 2), SET(c, T(c, I(1), I(2))), view);
    fm_value op = O(c, &label_closure, 1);
    fm_value g = graph(c, SET(c, I(1)), SET(c, T(c, I(1), I(1))));
    fm_value dot = CALL(c, "GraphViz", "DotDiGraph", g, op, op);
    const char *shown = calls_show(c, dot);
    assert_non_null(strstr(shown, "digraph MyGraph {"));
    assert_non_null(strstr(shown, "[label=\\\"n\\\"];"));
    assert_non_null(strstr(shown, "->"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, calls_setup, calls_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_folds),         TEST(test_finite_sets_ext),  TEST(test_functions),
        TEST(test_sequences_ext), TEST(test_prefixes),         TEST(test_replace),
        TEST(test_bags_ext),      TEST(test_bits_and_numbers), TEST(test_chi_square),
        TEST(test_graphs),        TEST(test_relations),        TEST(test_causal_order),
        TEST(test_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
