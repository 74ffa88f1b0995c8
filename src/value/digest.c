/* Digests: 128-bit structural fingerprints.
 *
 * Two lanes of 64 bits are computed side by side, with different constants and no shared state but
 * the input. An atom's digest is a strong mix of its content: strings and model values by spelling
 * and kind, never by symbol number or rank, so that runs and machines agree. A composite's digest
 * is
 *
 *     finish(kind, number of parts, sum of the parts modulo 2^64)
 *
 * where the parts of a set are the digests of its elements and the parts of a function are
 * fold(digest of the argument, digest of the value). The sum makes the digest independent of the
 * representation (a tuple, a record and any function with the same graph; a lazy set and its
 * explicit form) and lets EXCEPT, insertion and removal add and subtract a part: one level costs
 * O(1). Alone it would be linear, and {{1},{2,3}} would collide with {{2},{1,3}}; finish is a
 * bijection of each lane that carries every bit to every bit, so sums of different levels never
 * cancel. (Rejected: a hash over the encoded bytes. It is as fast for small values, but every
 * EXCEPT rehashes the whole.)
 *
 * The sum is cached in the object, not the digest: the digest follows from it in a few cycles,
 * while adjusting needs the sum.
 *
 * A state's digest is a sum over its variables, and linear in the elements of each: the part of a
 * composite variable is a factor of that variable times what finish would have mixed, the part of
 * an atom fold(number of the variable, atom). So a successor that adds an element to a set, or
 * changes a function at one place, differs by one or two words that depend on nothing else in the
 * state, and emitted code has tables of them (tabulation hashing as in Zobrist's of game positions,
 * 1970). At this level there is nothing for finish to keep apart: the words of different variables
 * have nothing in common, as values inside one another have. (Rejected: finish and fold for each
 * variable. They were a third of what emitted code did.)
 *
 * Two things are left to the end. Sums of products are weak in their low bits: states that differ
 * by the exchange of a and b between two sets differ by a product of two differences, which is even
 * for sure. And tables keep some 80 of the 128 bits, whose equality a mere summand for the seed
 * does not change. So the last step is a bijection that brings the upper bits of one word, times an
 * odd number that the seed gives, into the lower bits of the other: what collides in a table under
 * one seed does not under the next.
 *
 * A collision of one given pair has a chance of 2^-128 as far as the
 * mixing is random; no secret is involved, whoever writes a specification could construct
 * collisions. */
#include "value/digest.h"

#include "value/constants.h"
#include "value/raise.h"
#include "value/view.h"

/* Digests of atoms without a call: they are most of what is hashed. */
static inline struct fm_digest digest_of(struct fm_value_context *context, fm_value v)
{
    return fm_is_small(v) ? fm_digest_of_int(fm_small_get(v)) : fm_value_digest(context, v);
}

static struct fm_digest sum_of_graph(struct fm_value_context *context, fm_value v)
{
    fm_value_check_depth(context);
    struct fm_graph graph = fm_graph_of(v);
    const struct fm_digest *keys = fm_value_object(v)->kind == FM_KIND_TUPLE
                                       ? NULL
                                       : fm_constants_digests(context, fm_as_fcn(v)->domain);
    struct fm_digest sum = {0, 0};
    for (uint32_t i = 0; i < graph.count; i++) {
        struct fm_digest key = keys != NULL ? keys[i]
                               : graph.keys.at == NULL
                                   ? fm_digest_of_int(graph.keys.low + (int64_t)i)
                                   : fm_value_digest(context, graph.keys.at[i]);
        fm_digest_add(&sum, fm_digest_pair(key, digest_of(context, graph.values[i])));
    }
    fm_set_sum(v, sum);
    return sum;
}

static struct fm_digest sum_of_set(struct fm_value_context *context, fm_value v)
{
    fm_value_check_depth(context);
    if (fm_value_object(v)->kind == FM_KIND_SET) {
        fm_set_normalize(context, v);
    }
    struct fm_elements elements = fm_elements_of(v);
    struct fm_digest sum = {0, 0};
    if (elements.at == NULL) {
        for (uint64_t i = 0; i < elements.count; i++) {
            fm_digest_add(&sum, fm_digest_of_int(elements.low + (int64_t)i));
        }
    } else {
        for (uint64_t i = 0; i < elements.count; i++) {
            fm_digest_add(&sum, digest_of(context, elements.at[i]));
        }
    }
    fm_set_sum(v, sum);
    return sum;
}

static _Noreturn void raise_not_hashable(struct fm_value_context *context, fm_value v)
{
    fm_value_raise(context, FM_CODE_4017, "%s cannot be part of a state",
                   fm_value_describe(context, v));
}

/* Of an object: what fm_digest_open makes of the sum over its parts. */
static struct fm_digest open_object(struct fm_value_context *context, fm_value v)
{
    const struct fm_object *head = fm_value_object(v);
    bool known = (head->flags & FM_OBJECT_DIGEST) != 0;
    switch ((enum fm_kind)head->kind) {
    case FM_KIND_INT:
        return fm_digest_open(FM_DIGEST_BIG, head->count, head->sum);
    case FM_KIND_TUPLE:
    case FM_KIND_RECORD:
    case FM_KIND_FCN:
        return fm_digest_open(FM_DIGEST_FUNCTION, head->count,
                              known ? head->sum : sum_of_graph(context, v));
    case FM_KIND_LAZY_FCN:
        return open_object(context, fm_fcn_explicit(context, v));
    case FM_KIND_SET: {
        struct fm_digest sum = known ? head->sum : sum_of_set(context, v);
        return fm_digest_open(FM_DIGEST_SET, head->count, sum); /* normal: count is final */
    }
    case FM_KIND_INTERVAL:
        return fm_digest_open(FM_DIGEST_SET, fm_interval_count(fm_as_interval(v)),
                              known ? head->sum : sum_of_set(context, v));
    case FM_KIND_SUBSETS:
    case FM_KIND_KSUBSETS:
    case FM_KIND_FCNSET:
    case FM_KIND_RECSET:
    case FM_KIND_CROSS:
    case FM_KIND_UNION:
    case FM_KIND_CUP:
    case FM_KIND_CAP:
    case FM_KIND_DIFF:
    case FM_KIND_FILTER:
        if (!fm_set_can_enumerate(context, v)) {
            raise_not_hashable(context, v);
        }
        return open_object(context, fm_set_explicit(context, v));
    case FM_KIND_SEQS:
    case FM_KIND_NAT:
    case FM_KIND_INTS:
    case FM_KIND_REALS:
    case FM_KIND_STRINGS:
    case FM_KIND_ANY:
    case FM_KIND_OPERATOR:
        raise_not_hashable(context, v);
    case FM_KIND_BOOL:
    case FM_KIND_STRING:
    case FM_KIND_MODEL:
        break;
    }
    fm_unreachable();
}

struct fm_digest fm_value_digest(struct fm_value_context *context, fm_value v)
{
    switch (v.bits & 7u) {
    case FM_TAG_INT:
        return fm_digest_of_int(fm_small_get(v));
    case FM_TAG_BOOL:
        return fm_digest_of_bool(fm_is_true(v));
    case FM_TAG_STRING:
        return fm_digest_of_symbol(fm_value_symbol(v), UINT64_C(0x38495ab55aa56d1b));
    case FM_TAG_MODEL:
        return fm_digest_of_symbol(fm_value_symbol(v), UINT64_C(0xff51afd7ed558ccd));
    case FM_TAG_OBJECT:
        return fm_digest_close(open_object(context, v));
    default:
        fm_unreachable(); /* NONE: an unassigned variable was hashed */
    }
}

struct fm_digest fm_state_digest_part(struct fm_value_context *context, uint32_t variable,
                                      fm_value v)
{
    return fm_is_object(v) ? fm_digest_scale(variable, open_object(context, v))
                           : fm_digest_pair(fm_digest_of_int(variable), digest_of(context, v));
}

struct fm_digest fm_state_digest(struct fm_value_context *context, const fm_value *variables,
                                 uint32_t count, uint64_t seed)
{
    struct fm_digest start = fm_digest_seed(seed), sum = start;
    for (uint32_t i = 0; i < count; i++) {
        fm_digest_add(&sum, fm_state_digest_part(context, i, variables[i]));
    }
    return fm_digest_of_state(sum, start);
}
