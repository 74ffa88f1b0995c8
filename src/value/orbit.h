/* Digests of orbits: one digest for all images of a state under a group of permutations of model
 * values. The idea stands in orbit.c.
 *
 * The groups are made once, in an arena that outlives their use, and are shared by threads after
 * that. The working memory belongs to one thread. */
#ifndef FM_VALUE_ORBIT_H
#define FM_VALUE_ORBIT_H

#include "value/digest.h"
#include "value/order.h"
#include "value/value.h"

/* A permutation is a row: the place of the image for each place of `moved`. */
struct fm_orbits {
    uint32_t moved_count;
    const fm_value *moved;    /* distinct model values, at most UINT8_MAX */
    struct fm_digest *labels; /* their digests */
    uint8_t *members;         /* places, orbit by orbit, and rising in each */
    uint8_t *starts;          /* orbit_count + 1 places in `members` */
    uint32_t orbit_count;
    bool full;          /* the group is every permutation that keeps the orbits */
    uint32_t row_count; /* all of the group but for the identity; unused when `full` */
    const uint8_t *rows;
    uint8_t *place_of_rank; /* of a model value, by rank below rank_end; UINT8_MAX: not moved */
    uint32_t rank_end;
};

/* `moved` stays the caller's; the rest is in the arena. */
void fm_orbits_init(struct fm_orbits *orbits, struct fm_value_context *context,
                    struct fm_arena *arena, const fm_value *moved, uint32_t moved_count);
/* What is known of the group from rows that generate it. Unless `full` results, the caller closes
 * the rows under composition and sets row_count and rows before the first digest. */
void fm_orbits_classify(struct fm_orbits *orbits, struct fm_arena *arena, const uint8_t *rows,
                        uint32_t row_count);

/* Working memory, in the arena for as long as that lives. */
struct fm_orbit_work;
struct fm_orbit_work *fm_orbit_work_new(struct fm_arena *arena);

/* --- flat states: what moves in them, in preorder --- */

/* ORDER(orbit edge): how a node counts in the sum of its parent. */
enum fm_orbit_edge {
    FM_ORBIT_ELEMENT,    /* of a set */
    FM_ORBIT_VALUE,      /* of a function, at an argument without moving parts: `partner` */
    FM_ORBIT_KEY,        /* an argument whose value is `partner` */
    FM_ORBIT_PAIR_KEY,   /* an argument whose value moves too: node `mate` */
    FM_ORBIT_PAIR_VALUE, /* the value, its argument being node `mate`; stands behind that */
};

#define FM_ORBIT_COMPOSITE UINT8_MAX

struct fm_orbit_node {
    struct fm_digest partner;
    uint64_t kind;  /* of fm_digest_finish */
    uint32_t count; /* the same */
    uint32_t parent, mate;
    uint32_t variable; /* of a part of node 0 */
    uint8_t edge;
    uint8_t place; /* of a leaf: a moved value; FM_ORBIT_COMPOSITE: something that holds some */
};

/* A state as it is being taken apart. Node 0 is the state. */
struct fm_orbit_flat {
    uint32_t count, capacity;
    struct fm_orbit_node *nodes; /* parents come before their parts */
    struct fm_digest *bases;     /* sums of the parts of each that hold nothing that moves */
    struct fm_digest start;      /* fm_digest_seed: what the sum of the state begins with */
    bool present[UINT8_MAX];     /* by place */
};

/* Room for that many more nodes; they may move. */
void fm_orbit_grow(struct fm_orbit_flat *flat, uint32_t more);
static inline void fm_orbit_reserve(struct fm_orbit_flat *flat, uint32_t more)
{
    if (flat->capacity - flat->count < more) {
        fm_orbit_grow(flat, more);
    }
}

/* Returns the node's number; its edge is an ELEMENT's until the caller knows better. */
static inline uint32_t fm_orbit_add(struct fm_orbit_flat *flat, uint32_t parent, uint8_t place)
{
    fm_orbit_reserve(flat, 1);
    struct fm_orbit_node *node = &flat->nodes[flat->count];
    node->parent = parent;
    node->edge = FM_ORBIT_ELEMENT;
    node->place = place;
    flat->bases[flat->count] = (struct fm_digest){0, 0};
    if (place != FM_ORBIT_COMPOSITE) {
        flat->present[place] = true;
    }
    return flat->count++;
}

/* One side of a pair: a node that moves, or a digest. */
struct fm_orbit_part {
    bool moves;
    uint32_t node;
    struct fm_digest digest;
};
/* An argument with its value, whose nodes are there, in this order. */
static inline void fm_orbit_pair(struct fm_orbit_flat *flat, uint32_t parent,
                                 struct fm_orbit_part key, struct fm_orbit_part value)
{
    struct fm_orbit_node *nodes = flat->nodes;
    if (key.moves && value.moves) {
        nodes[key.node].edge = FM_ORBIT_PAIR_KEY;
        nodes[key.node].mate = value.node;
        nodes[value.node].edge = FM_ORBIT_PAIR_VALUE;
        nodes[value.node].mate = key.node;
    } else if (key.moves) {
        nodes[key.node].edge = FM_ORBIT_KEY;
        nodes[key.node].partner = value.digest;
    } else if (value.moves) {
        nodes[value.node].edge = FM_ORBIT_VALUE;
        nodes[value.node].partner = key.digest;
    } else {
        fm_digest_add(&flat->bases[parent], fm_digest_pair(key.digest, value.digest));
    }
}

/* Makes the node a variable's value. */
static inline void fm_orbit_variable(struct fm_orbit_flat *flat, uint32_t node, uint32_t variable)
{
    flat->nodes[node].edge = FM_ORBIT_VALUE;
    flat->nodes[node].partner = fm_digest_of_int(variable);
    flat->nodes[node].variable = variable;
}

/* The state without its variables. What does not move of those is added to bases[0]:
 * fm_state_digest_part. */
struct fm_orbit_flat *fm_orbit_begin(const struct fm_orbits *orbits, struct fm_orbit_work *work,
                                     uint64_t seed);
/* Adds the nodes of a value and returns true; if nothing in it moves, adds none, sets the digest
 * and returns false. */
bool fm_orbit_flatten(struct fm_value_context *context, const struct fm_orbits *orbits,
                      struct fm_orbit_flat *flat, uint32_t parent, fm_value v,
                      struct fm_digest *digest);
/* The digest of the state that was begun, whose own is given. */
struct fm_digest fm_orbit_end(const struct fm_orbits *orbits, struct fm_orbit_work *work,
                              struct fm_digest own);
/* Whether the result is remembered from a state with the same digest. */
bool fm_orbit_recall(const struct fm_orbit_work *work, struct fm_digest own,
                     struct fm_digest *result);

/* --- states of values --- */

struct fm_orbit_state {
    const fm_value *variables;
    uint32_t count;
    uint64_t seed;
    struct fm_digest own; /* fm_state_digest of these */
};

/* The fm_state_digest, with this seed, of one image of the variables under the group: the same
 * image's for all states of an orbit.
 * Raises as fm_value_digest does. The context's arena holds garbage afterwards. */
struct fm_digest fm_orbit_digest(struct fm_value_context *context, const struct fm_orbits *orbits,
                                 struct fm_orbit_work *work, const struct fm_orbit_state *state);

#endif
