/* Digests of orbits.
 *
 * Symmetry reduction needs one fingerprint for all images of a state under a group of permutations
 * of model values, and different ones for different orbits. Building every image, sorting its sets
 * anew and keeping the least costs as much as the group is large. Here no image is built.
 *
 * Flattening. The state becomes a list of nodes in preorder: its model values that may move
 * (leaves) and whatever holds such a value. All else is a constant part of the sum of the node
 * around it, since the digest of a composite follows from the sum over its parts (digest.c). The
 * digest of the image under a permutation is then one run over the list from the end, with the
 * digests of the images at the leaves; order of elements and domains does not matter to a sum.
 *
 * Roles. Most permutations need not be tried. Each model value gets a colour, at first its orbit
 * under the group; a run upwards hashes every node with the colours at the leaves, a run downwards
 * hashes the surroundings of every node, and the sum of the surroundings of all leaves of a model
 * value, its role, refines its colour. This repeats until no cell of equal colours splits any more.
 * (Colour refinement, as in McKay's canonical labelling of graphs; Practical Graph Isomorphism,
 * 1981.) Colours move with the values: those of an image are the permuted ones. So all states of an
 * orbit agree on the images in which the colours stand in a given order, and the least digest of
 * those images belongs to the orbit. A collision of colours only leaves more images to try; what is
 * found equal in the end are 128-bit digests of whole images, as without symmetry.
 *
 * When the group is every permutation within its orbits, as unions of Permutations(S) generate it,
 * the images with the colours in order are those of the permutations inside the cells. Of these,
 * values that the state does not hold need none, and of twins, values whose exchange leaves the
 * state as it is, the order does not matter: k values of equal standing cost k runs, not k!. For
 * other groups the rows are listed, and those that put the colours in the least order are tried.
 *
 * Many successors are states that were just seen, so the last results are remembered by the digest
 * of the state itself.
 *
 * (Rejected: remembering the digests of records under each permutation. It helps small groups only,
 * and the memory is that of the group times the messages.) */
#include "value/orbit.h"

#include "value/digest.h"
#include "value/raise.h"
#include "value/view.h"

#include <string.h>

#define PLACE_NONE FM_ORBIT_COMPOSITE
#define PLACES_MAX UINT8_MAX

/* Images beyond which looking for twins is cheaper than trying: a cell of 3, or two of 2 and more.
 */
#define TRIES_MAX 4u
/* Results remembered, 32 bytes each: in the end half a megabyte, within a second-level cache. Few
 * at first: a small search has nothing to remember, and each engine has a memory of its own. */
#define MEMO_MIN 256u
#define MEMO_MAX 16384u
/* Results computed for each place before there are MEMO_GROWTH times as many. */
#define MEMO_TURNS 8u
#define MEMO_GROWTH 4u
#define NODES_MIN 1024u

/* Values of one colour, between two places of `order`, that are not alone in it. */
struct cell {
    uint8_t start, count;
};

struct memo {
    struct fm_digest own, result;
};

struct fm_orbit_work {
    struct fm_arena *arena;
    struct fm_orbit_flat flat;
    struct fm_digest *sums; /* of one run, then digests */
    uint64_t *hashes, *surroundings;

    uint64_t colours[PLACES_MAX], roles[PLACES_MAX];
    struct fm_digest labels[PLACES_MAX]; /* digest of the image */
    uint8_t order[PLACES_MAX];           /* places: orbit by orbit, by colour, absent ones last */
    uint8_t classes[PLACES_MAX]; /* along `order`: number of the class of twins in the cell */
    struct cell open[PLACES_MAX / 2 + 1];
    uint32_t open_count, cell_count;
    uint64_t tries; /* permutations within cells, or UINT32_MAX and more */
    struct memo *memo;
    uint32_t memo_count; /* a power of two */
    uint32_t computed;   /* results since it has that size */
};

/* --- groups --- */

static uint8_t root_of(uint8_t *up, uint8_t place)
{
    while (up[place] != place) {
        up[place] = up[up[place]];
        place = up[place];
    }
    return place;
}

static void unite(uint8_t *up, uint8_t a, uint8_t b)
{
    a = root_of(up, a);
    b = root_of(up, b);
    up[a > b ? a : b] = a > b ? b : a; /* the least place is the root */
}

void fm_orbits_init(struct fm_orbits *orbits, struct fm_value_context *context,
                    struct fm_arena *arena, const fm_value *moved, uint32_t moved_count)
{
    fm_assert(moved_count <= PLACES_MAX);
    *orbits = (struct fm_orbits){.moved_count = moved_count, .moved = moved};
    orbits->labels = fm_arena_alloc(arena, (moved_count + 1) * sizeof *orbits->labels);
    for (uint32_t i = 0; i < moved_count; i++) {
        orbits->labels[i] = fm_value_digest(context, moved[i]);
        uint32_t rank = fm_atom_rank(moved[i]);
        orbits->rank_end = rank >= orbits->rank_end ? rank + 1 : orbits->rank_end;
    }
    orbits->place_of_rank = fm_arena_alloc(arena, orbits->rank_end + 1);
    memset(orbits->place_of_rank, PLACE_NONE, orbits->rank_end + 1);
    for (uint32_t i = 0; i < moved_count; i++) {
        orbits->place_of_rank[fm_atom_rank(moved[i])] = (uint8_t)i;
    }
}

/* Transpositions that connect a set generate all of its permutations. */
void fm_orbits_classify(struct fm_orbits *orbits, struct fm_arena *arena, const uint8_t *rows,
                        uint32_t row_count)
{
    uint32_t width = orbits->moved_count;
    uint8_t up[PLACES_MAX], exchanged[PLACES_MAX];
    for (uint32_t i = 0; i < width; i++) {
        up[i] = exchanged[i] = (uint8_t)i;
    }
    for (uint32_t i = 0; i < row_count; i++) {
        const uint8_t *row = rows + (size_t)i * width;
        uint32_t moves = 0, last = 0;
        for (uint32_t j = 0; j < width; j++) {
            if (row[j] != j) {
                unite(up, (uint8_t)j, row[j]);
                moves++;
                last = j;
            }
        }
        if (moves == 2) {
            unite(exchanged, (uint8_t)last, row[last]);
        }
    }
    orbits->members = fm_arena_alloc(arena, width + 1);
    orbits->starts = fm_arena_alloc(arena, width + 1);
    orbits->orbit_count = 0;
    orbits->full = true;
    uint32_t next = 0;
    for (uint32_t i = 0; i < width; i++) {
        orbits->full = orbits->full && root_of(up, (uint8_t)i) == root_of(exchanged, (uint8_t)i);
        if (up[i] != i) {
            continue;
        }
        orbits->starts[orbits->orbit_count++] = (uint8_t)next;
        for (uint32_t j = i; j < width; j++) {
            if (root_of(up, (uint8_t)j) == i) {
                orbits->members[next++] = (uint8_t)j;
            }
        }
    }
    orbits->starts[orbits->orbit_count] = (uint8_t)next;
}

/* --- flattening --- */

struct flattener {
    struct fm_value_context *context;
    const struct fm_orbits *orbits;
    struct fm_orbit_work *work;
};

struct fm_orbit_work *fm_orbit_work_new(struct fm_arena *arena)
{
    struct fm_orbit_work *work = fm_arena_calloc(arena, 1, sizeof *work);
    work->arena = arena;
    work->memo_count = MEMO_MIN;
    work->memo = fm_arena_calloc(arena, work->memo_count, sizeof *work->memo);
    return work;
}

static struct fm_orbit_work *work_of(struct fm_orbit_flat *flat)
{
    return (struct fm_orbit_work *)(void *)((char *)flat - offsetof(struct fm_orbit_work, flat));
}

void fm_orbit_grow(struct fm_orbit_flat *flat, uint32_t more)
{
    struct fm_orbit_work *work = work_of(flat);
    uint32_t capacity = flat->capacity == 0 ? NODES_MIN : flat->capacity * 2;
    while (capacity - flat->count < more) {
        capacity *= 2;
    }
    struct fm_orbit_node *nodes = fm_arena_alloc(work->arena, capacity * sizeof *nodes);
    struct fm_digest *bases = fm_arena_alloc(work->arena, capacity * sizeof *bases);
    if (flat->count != 0) {
        memcpy(nodes, flat->nodes, flat->count * sizeof *nodes);
        memcpy(bases, flat->bases, flat->count * sizeof *bases);
    }
    flat->nodes = nodes;
    flat->bases = bases;
    work->sums = fm_arena_alloc(work->arena, capacity * sizeof *work->sums);
    work->hashes = fm_arena_alloc(work->arena, capacity * sizeof *work->hashes);
    work->surroundings = fm_arena_alloc(work->arena, capacity * sizeof *work->surroundings);
    flat->capacity = capacity;
}

/* Adds the nodes of a value and returns true; if nothing in it moves, adds none, sets the digest
 * and returns false. */
static bool flatten(const struct flattener *flattener, fm_value v, uint32_t parent,
                    struct fm_digest *digest);

/* One argument with its value. */
static void flatten_pair(const struct flattener *flattener, fm_value key, fm_value value,
                         uint32_t parent)
{
    struct fm_orbit_work *work = flattener->work;
    struct fm_digest key_digest, value_digest;
    uint32_t key_node = work->flat.count;
    bool key_moves = flatten(flattener, key, parent, &key_digest);
    uint32_t value_node = work->flat.count;
    bool value_moves = flatten(flattener, value, parent, &value_digest);
    fm_orbit_pair(&work->flat, parent, (struct fm_orbit_part){key_moves, key_node, key_digest},
                  (struct fm_orbit_part){value_moves, value_node, value_digest});
}

static void flatten_function(const struct flattener *flattener, fm_value v, uint32_t node)
{
    flattener->work->flat.nodes[node].kind = FM_DIGEST_FUNCTION;
    struct fm_graph graph = fm_graph_of(v);
    flattener->work->flat.nodes[node].count = graph.count;
    for (uint32_t i = 0; i < graph.count; i++) {
        flatten_pair(flattener, fm_elements_get(&graph.keys, i), graph.values[i], node);
    }
}

static void flatten_set(const struct flattener *flattener, fm_value v, uint32_t node)
{
    struct fm_orbit_work *work = flattener->work;
    uint32_t count;
    const fm_value *elements = fm_set_elements(flattener->context, v, &count);
    work->flat.nodes[node].kind = FM_DIGEST_SET;
    work->flat.nodes[node].count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct fm_digest digest;
        if (!flatten(flattener, elements[i], node, &digest)) {
            fm_digest_add(&work->flat.bases[node], digest);
        }
    }
}

/* The explicit form of what may hold model values; NONE for what cannot. */
static fm_value explicit_form(struct fm_value_context *context, fm_value v)
{
    const struct fm_object *head = fm_value_object(v);
    switch ((enum fm_kind)head->kind) {
    case FM_KIND_TUPLE:
    case FM_KIND_RECORD:
    case FM_KIND_FCN:
        return v;
    case FM_KIND_SET:
        return (head->flags & FM_OBJECT_INTS) != 0 ? fm_none() : v;
    case FM_KIND_LAZY_FCN:
        return fm_fcn_explicit(context, v);
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
        return fm_set_can_enumerate(context, v) ? fm_set_explicit(context, v) : fm_none();
    case FM_KIND_INT:
    case FM_KIND_BOOL:
    case FM_KIND_STRING:
    case FM_KIND_MODEL:
    case FM_KIND_INTERVAL:
    case FM_KIND_SEQS:
    case FM_KIND_NAT:
    case FM_KIND_INTS:
    case FM_KIND_REALS:
    case FM_KIND_STRINGS:
    case FM_KIND_ANY:
    case FM_KIND_OPERATOR:
        return fm_none();
    }
    fm_unreachable();
}

static bool flatten_object(const struct flattener *flattener, fm_value v, uint32_t parent)
{
    struct fm_orbit_work *work = flattener->work;
    if ((fm_value_object(v)->flags & FM_OBJECT_STILL) != 0) {
        return false;
    }
    fm_value form = explicit_form(flattener->context, v);
    if (!fm_is_none(form)) {
        fm_value_check_depth(flattener->context);
        uint32_t node = fm_orbit_add(&work->flat, parent, PLACE_NONE);
        if (fm_value_object(form)->kind == FM_KIND_SET) {
            flatten_set(flattener, form, node);
        } else {
            flatten_function(flattener, form, node);
        }
        if (work->flat.count > node + 1) {
            return true;
        }
        work->flat.count = node;
    }
    if (!fm_is_frozen(v)) {
        fm_writable(v)->flags |= FM_OBJECT_STILL;
    }
    return false;
}

static bool flatten(const struct flattener *flattener, fm_value v, uint32_t parent,
                    struct fm_digest *digest)
{
    if (fm_is_small(v)) {
        *digest = fm_digest_of_int(fm_small_get(v));
        return false;
    }
    if (fm_value_tag(v) == FM_TAG_MODEL) {
        uint32_t rank = fm_atom_rank(v);
        uint8_t place = rank < flattener->orbits->rank_end ? flattener->orbits->place_of_rank[rank]
                                                           : PLACE_NONE;
        if (place != PLACE_NONE) {
            (void)fm_orbit_add(&flattener->work->flat, parent, place);
            return true;
        }
    } else if (fm_is_object(v) && flatten_object(flattener, v, parent)) {
        return true;
    }
    *digest = fm_value_digest(flattener->context, v);
    return false;
}

struct fm_orbit_flat *fm_orbit_begin(const struct fm_orbits *orbits, struct fm_orbit_work *work,
                                     uint64_t seed)
{
    struct fm_orbit_flat *flat = &work->flat;
    flat->count = 0;
    memset(flat->present, 0, orbits->moved_count);
    (void)fm_orbit_add(flat, 0, PLACE_NONE);
    flat->start = fm_digest_seed(seed);
    flat->bases[0] = flat->start;
    flat->nodes[0].kind = 0;
    flat->nodes[0].count = 0;
    return flat;
}

static void flatten_state(const struct flattener *flattener, const struct fm_orbit_state *state)
{
    struct fm_orbit_flat *flat = fm_orbit_begin(flattener->orbits, flattener->work, state->seed);
    for (uint32_t i = 0; i < state->count; i++) {
        uint32_t node = flat->count;
        struct fm_digest ignored;
        if (flatten(flattener, state->variables[i], 0, &ignored)) {
            fm_orbit_variable(flat, node, i);
        } else {
            fm_digest_add(&flat->bases[0],
                          fm_state_digest_part(flattener->context, i, state->variables[i]));
        }
    }
}

bool fm_orbit_flatten(struct fm_value_context *context, const struct fm_orbits *orbits,
                      struct fm_orbit_flat *flat, uint32_t parent, fm_value v,
                      struct fm_digest *digest)
{
    const struct flattener flattener = {context, orbits, work_of(flat)};
    return flatten(&flattener, v, parent, digest);
}

/* The digest of the image whose labels are set. */
static struct fm_digest digest_of_image(struct fm_orbit_work *work)
{
    struct fm_digest *sums = work->sums;
    memcpy(sums, work->flat.bases, work->flat.count * sizeof *sums);
    for (uint32_t i = work->flat.count - 1; i > 0; i--) {
        const struct fm_orbit_node *node = &work->flat.nodes[i];
        if (node->parent == 0 && node->place == PLACE_NONE) {
            struct fm_digest open = fm_digest_open(node->kind, node->count, sums[i]);
            fm_digest_add(&sums[0], fm_digest_scale(node->variable, open));
            continue;
        }
        struct fm_digest digest = node->place != PLACE_NONE
                                      ? work->labels[node->place]
                                      : fm_digest_finish(node->kind, node->count, sums[i]);
        sums[i] = digest;
        struct fm_digest *sum = &sums[node->parent];
        switch ((enum fm_orbit_edge)node->edge) {
        case FM_ORBIT_ELEMENT:
            fm_digest_add(sum, digest);
            break;
        case FM_ORBIT_VALUE:
            fm_digest_add(sum, fm_digest_pair(node->partner, digest));
            break;
        case FM_ORBIT_KEY:
            fm_digest_add(sum, fm_digest_pair(digest, node->partner));
            break;
        case FM_ORBIT_PAIR_KEY: /* the value comes later in the list: its digest stands */
            fm_digest_add(sum, fm_digest_pair(digest, sums[node->mate]));
            break;
        case FM_ORBIT_PAIR_VALUE:
            break;
        }
    }
    return fm_digest_of_state(sums[0], work->flat.start);
}

/* --- roles --- */

/* Odd numbers without a pattern that tell arguments from values. */
#define ROLE_KEY UINT64_C(0x9e3779b97f4a7c15)
#define ROLE_VALUE UINT64_C(0xc2b2ae3d27d4eb4f)

/* Hashes of all nodes with colours at the leaves. */
static void hash_upwards(struct fm_orbit_work *work)
{
    uint64_t *hashes = work->hashes;
    for (uint32_t i = 0; i < work->flat.count; i++) {
        hashes[i] = work->flat.bases[i].low;
    }
    for (uint32_t i = work->flat.count - 1; i > 0; i--) {
        const struct fm_orbit_node *node = &work->flat.nodes[i];
        uint64_t hash = node->place != PLACE_NONE
                            ? work->colours[node->place]
                            : fm_digest_mix(hashes[i] + node->kind * (node->count + 1u));
        hashes[i] = hash;
        switch ((enum fm_orbit_edge)node->edge) {
        case FM_ORBIT_ELEMENT:
            hashes[node->parent] += hash;
            break;
        case FM_ORBIT_VALUE:
            hashes[node->parent] += fm_digest_fold(node->partner.low ^ ROLE_KEY, hash ^ ROLE_VALUE);
            break;
        case FM_ORBIT_KEY:
            hashes[node->parent] += fm_digest_fold(hash ^ ROLE_KEY, node->partner.low ^ ROLE_VALUE);
            break;
        case FM_ORBIT_PAIR_KEY:
            hashes[node->parent] += fm_digest_fold(hash ^ ROLE_KEY,
                                                   hashes[node->mate] ^ ROLE_VALUE);
            break;
        case FM_ORBIT_PAIR_VALUE:
            break;
        }
    }
}

/* Sums of the surroundings of each model value. */
static void hash_downwards(struct fm_orbit_work *work)
{
    work->surroundings[0] = 0;
    for (uint32_t i = 1; i < work->flat.count; i++) {
        const struct fm_orbit_node *node = &work->flat.nodes[i];
        uint64_t around = work->surroundings[node->parent];
        switch ((enum fm_orbit_edge)node->edge) {
        case FM_ORBIT_ELEMENT:
            break;
        case FM_ORBIT_VALUE:
            around += node->partner.low * ROLE_VALUE;
            break;
        case FM_ORBIT_KEY:
            around += node->partner.low * ROLE_KEY;
            break;
        case FM_ORBIT_PAIR_KEY:
            around += work->hashes[node->mate] * ROLE_KEY;
            break;
        case FM_ORBIT_PAIR_VALUE:
            around += work->hashes[node->mate] * ROLE_VALUE;
            break;
        }
        if (node->place != PLACE_NONE) {
            work->roles[node->place] += fm_digest_mix(around);
        } else {
            work->surroundings[i] = fm_digest_mix(around ^ work->hashes[i]);
        }
    }
}

static bool is_before(const struct fm_orbit_work *work, uint8_t a, uint8_t b)
{
    if (work->flat.present[a] != work->flat.present[b]) {
        return work->flat.present[a];
    }
    return work->colours[a] < work->colours[b];
}

/* Sorts each orbit, and finds its cells. */
static void sort_orbits(const struct fm_orbits *orbits, struct fm_orbit_work *work)
{
    uint8_t *order = work->order;
    work->open_count = work->cell_count = 0;
    work->tries = 1;
    for (uint32_t o = 0; o < orbits->orbit_count; o++) {
        uint32_t start = orbits->starts[o], end = orbits->starts[o + 1], first = start;
        for (uint32_t i = start + 1; i < end; i++) {
            uint8_t place = order[i];
            uint32_t at = i;
            for (; at > start && is_before(work, place, order[at - 1]); at--) {
                order[at] = order[at - 1];
            }
            order[at] = place;
        }
        for (uint32_t i = start; i < end && work->flat.present[order[i]]; i++) {
            if (i > start && work->colours[order[i]] == work->colours[order[i - 1]]) {
                struct cell *cell = &work->open[work->open_count - (i > first + 1)];
                work->open_count += i == first + 1;
                *cell = (struct cell){(uint8_t)first, (uint8_t)(i - first + 1)};
                work->tries = work->tries > UINT32_MAX ? work->tries : work->tries * cell->count;
            } else {
                first = i;
                work->cell_count++;
            }
        }
    }
}

/* Until at most `enough` permutations within cells are left, or no cell splits. */
static void refine(const struct fm_orbits *orbits, struct fm_orbit_work *work, uint64_t enough)
{
    memcpy(work->order, orbits->members, orbits->moved_count);
    for (uint32_t o = 0; o < orbits->orbit_count; o++) {
        for (uint32_t i = orbits->starts[o]; i < orbits->starts[o + 1]; i++) {
            work->colours[orbits->members[i]] = fm_digest_mix(o + 1);
        }
    }
    sort_orbits(orbits, work);
    uint32_t before = 0;
    while (work->tries > enough && work->cell_count > before) {
        before = work->cell_count;
        memset(work->roles, 0, orbits->moved_count * sizeof work->roles[0]);
        hash_upwards(work);
        hash_downwards(work);
        for (uint32_t i = 0; i < orbits->moved_count; i++) {
            work->colours[i] = fm_digest_mix(work->colours[i] + work->roles[i] * ROLE_VALUE);
        }
        sort_orbits(orbits, work);
    }
}

/* --- full groups: permutations within cells --- */

static bool is_less(struct fm_digest a, struct fm_digest b)
{
    return a.high != b.high ? a.high < b.high : a.low < b.low;
}

/* Whether exchanging two values leaves the state as it is. */
static bool are_twins(const struct fm_orbits *orbits, struct fm_orbit_work *work, uint8_t a,
                      uint8_t b, struct fm_digest own)
{
    work->labels[a] = orbits->labels[b];
    work->labels[b] = orbits->labels[a];
    bool result = fm_digest_equal(digest_of_image(work), own);
    work->labels[a] = orbits->labels[a];
    work->labels[b] = orbits->labels[b];
    return result;
}

/* Reorders a cell so that twins stand together, and numbers their classes along it. */
static void group_twins(const struct fm_orbits *orbits, struct fm_orbit_work *work,
                        const struct cell *cell, struct fm_digest own)
{
    uint8_t *order = work->order + cell->start, *classes = work->classes + cell->start;
    uint32_t grouped = 0;
    for (uint8_t class = 0; grouped < cell->count; class ++) {
        uint8_t first = order[grouped];
        classes[grouped++] = class;
        for (uint32_t i = grouped; i < cell->count; i++) {
            if (are_twins(orbits, work, first, order[i], own)) {
                uint8_t twin = order[i];
                order[i] = order[grouped];
                order[grouped] = twin;
                classes[grouped++] = class;
            }
        }
    }
}

/* The next arrangement of the numbers in lexicographic order; after the last one the first, and
 * false. */
static bool permute_next(uint8_t *at, uint32_t count)
{
    uint32_t i = count - 1, j = count - 1;
    while (i > 0 && at[i - 1] >= at[i]) {
        i--;
    }
    bool found = i > 0;
    if (found) {
        while (at[j] <= at[i - 1]) {
            j--;
        }
        uint8_t swap = at[i - 1];
        at[i - 1] = at[j];
        at[j] = swap;
    }
    for (j = count - 1; i < j; i++, j--) {
        uint8_t swap = at[i];
        at[i] = at[j];
        at[j] = swap;
    }
    return found;
}

/* Gives the values of a cell the labels of its places in the orbit, as its classes now stand. */
static void label_cell(const struct fm_orbits *orbits, struct fm_orbit_work *work,
                       const struct cell *cell, const uint8_t *first_of_class)
{
    uint8_t next[PLACES_MAX];
    memcpy(next, first_of_class + cell->start, cell->count);
    for (uint32_t i = cell->start; i < (uint32_t)cell->start + cell->count; i++) {
        uint8_t place = work->order[next[work->classes[i]]++];
        work->labels[place] = orbits->labels[orbits->members[i]];
    }
}

static struct fm_digest least_of_cells(const struct fm_orbits *orbits, struct fm_orbit_work *work,
                                       struct fm_digest own)
{
    if (work->tries > TRIES_MAX) {
        memcpy(work->labels, orbits->labels, orbits->moved_count * sizeof work->labels[0]);
        for (uint32_t i = 0; i < work->open_count; i++) {
            group_twins(orbits, work, &work->open[i], own);
        }
    } else {
        for (uint32_t i = 0; i < work->open_count; i++) {
            for (uint8_t j = 0; j < work->open[i].count; j++) {
                work->classes[work->open[i].start + j] = j;
            }
        }
    }
    for (uint32_t i = 0; i < orbits->moved_count; i++) {
        work->labels[work->order[i]] = orbits->labels[orbits->members[i]];
    }
    uint8_t first_of_class[PLACES_MAX];
    for (uint32_t i = 0; i < work->open_count; i++) {
        const struct cell *cell = &work->open[i];
        for (uint32_t j = cell->count; j-- > 0;) {
            first_of_class[cell->start + work->classes[cell->start + j]] = (uint8_t)(cell->start +
                                                                                     j);
        }
    }
    struct fm_digest least = digest_of_image(work);
    uint32_t turned = 0;
    while (turned < work->open_count) { /* an odometer with a wheel for each cell */
        const struct cell *cell = &work->open[turned];
        bool more = permute_next(work->classes + cell->start, cell->count);
        label_cell(orbits, work, cell, first_of_class);
        turned = more ? 0 : turned + 1;
        if (more) {
            struct fm_digest digest = digest_of_image(work);
            least = is_less(digest, least) ? digest : least;
        }
    }
    return least;
}

/* --- other groups: rows --- */

/* colours[row] with small numbers that are ordered like the colours. */
static void rank_colours(const struct fm_orbits *orbits, const struct fm_orbit_work *work,
                         uint8_t *ranks)
{
    for (uint32_t i = 0; i < orbits->moved_count; i++) {
        ranks[i] = 0;
        for (uint32_t j = 0; j < orbits->moved_count; j++) {
            ranks[i] = (uint8_t)(ranks[i] + (work->colours[j] < work->colours[i]));
        }
    }
}

/* Of the images under all rows whose colours stand in the least order. */
static struct fm_digest least_of_rows(const struct fm_orbits *orbits, struct fm_orbit_work *work,
                                      struct fm_digest own)
{
    uint32_t width = orbits->moved_count;
    uint8_t best[PLACES_MAX], image[PLACES_MAX], ranks[PLACES_MAX];
    rank_colours(orbits, work, ranks);
    memcpy(best, ranks, width);
    struct fm_digest least = own;
    for (uint32_t i = 0; i < orbits->row_count; i++) {
        const uint8_t *row = orbits->rows + (size_t)i * width;
        for (uint32_t j = 0; j < width; j++) {
            image[row[j]] = ranks[j];
        }
        int order = memcmp(image, best, width);
        if (order > 0) {
            continue;
        }
        for (uint32_t j = 0; j < width; j++) {
            work->labels[j] = orbits->labels[row[j]];
        }
        struct fm_digest digest = digest_of_image(work);
        if (order < 0 || is_less(digest, least)) {
            least = digest;
            memcpy(best, image, width);
        }
    }
    return least;
}

/* --- the whole --- */

bool fm_orbit_recall(const struct fm_orbit_work *work, struct fm_digest own,
                     struct fm_digest *result)
{
    const struct memo *memo = &work->memo[own.low & (work->memo_count - 1)];
    *result = memo->result;
    return fm_digest_equal(memo->own, own);
}

static void remember(struct fm_orbit_work *work, struct fm_digest own, struct fm_digest result)
{
    if (++work->computed > MEMO_TURNS * work->memo_count && work->memo_count < MEMO_MAX) {
        /* What was remembered is forgotten: a fraction of what is computed meanwhile. */
        work->memo_count *= MEMO_GROWTH;
        work->memo = fm_arena_calloc(work->arena, work->memo_count, sizeof *work->memo);
        work->computed = 0;
    }
    work->memo[own.low & (work->memo_count - 1)] = (struct memo){own, result};
}

struct fm_digest fm_orbit_end(const struct fm_orbits *orbits, struct fm_orbit_work *work,
                              struct fm_digest own)
{
    struct fm_digest result = own;
    if (work->flat.count > 1) {
        refine(orbits, work, orbits->full ? 2 : 1);
        result = orbits->full ? least_of_cells(orbits, work, own)
                              : least_of_rows(orbits, work, own);
    }
    remember(work, own, result);
    return result;
}

struct fm_digest fm_orbit_digest(struct fm_value_context *context, const struct fm_orbits *orbits,
                                 struct fm_orbit_work *work, const struct fm_orbit_state *state)
{
    struct fm_digest result;
    if (!fm_orbit_recall(work, state->own, &result)) {
        struct flattener flattener = {context, orbits, work};
        flatten_state(&flattener, state);
        result = fm_orbit_end(orbits, work, state->own);
    }
    return result;
}
