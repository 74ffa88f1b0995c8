/* From a formula in normal form to a generalized Buechi automaton with acceptance on moves.
 *
 * The tableau of Couvreur ("On-the-fly verification of linear temporal logic", 1999), which needs
 * no more than two rules where [] and <> are the only temporal operators. A state is a set of
 * formulas that the rest of the behaviour has to satisfy. Its moves come from expanding the set:
 *
 *     boolean b     the letter satisfies b
 *     tail T        owed for ever: the next state has it too
 *     F /\ G        F and G            F \/ G    F, or else G: two moves
 *     []F           F, and [] F next   <>F       F, or else <>F next: it is put off
 *
 * Each <>F is an acceptance condition: moves that put it off must not be all there is in the end.
 * Tails are not expanded further. They are never given back, so all states of one component owe the
 * same ones, and the conditions of that component are these and the goal's own: []<>b inside a
 * formula costs no states, and neither does a disjunction of fairness conditions, which is what the
 * negation of a conjunction of them is.
 *
 * A move says which letters it takes as a set of classes: letters that agree in all booleans of the
 * formula are of one class. The letters are those that occur in the graph, so a conjunction that no
 * step satisfies is found here.
 *
 * A move is left out when another one takes all its letters, leads to a subset of its formulas and
 * puts off no more: the state it leads to can do at least the same (direct simulation, by induction
 * over the expansion). Then states with the same moves are merged, until nothing changes (as in
 * Gastin and Oddoux, "Fast LTL to Buechi automata translation", 2001), and states that lead to no
 * accepting component go. P ~> Q, negated, has two states: one waits, the other sees no Q.
 *
 * What grows: a conjunction of n eventualities <>b has 2^n states, one for each subset that is
 * still owed; a disjunction under <> or \/ has their sum. STATES_MAX and the like end that; the
 * search then says that the formula is too large. */
#include "liveness/lasso_automaton.h"

#include "base/assert.h"

#include <string.h>

#define STATES_MAX 4096u
/* Each pair of states is compared; larger automata are left as they are. */
#define MERGED_MAX 512u
/* Branches of one expansion; entries of the table of moves. */
#define BRANCHES_MAX ((uint32_t)1 << 18)
#define MOVES_MAX ((uint32_t)1 << 16)
#define TABLE_MAX ((uint64_t)1 << 25)

struct move {
    uint32_t to;
    uint32_t at; /* of builder.words: postponed, next, then the guard */
};

struct builder {
    const struct fm_parts *parts;
    const struct fm_graph *graph;
    struct fm_automaton *out;
    /* The closure: parts that occur in states, booleans first, then tails, then those that expand
     * to one branch, then those that branch. */
    uint32_t *items;
    uint32_t item_count, boolean_count;
    uint32_t *item_of;       /* of a part */
    uint32_t *eventually_of; /* of an item, or UINT32_MAX */
    uint64_t *guards;        /* of each boolean item: classes */
    uint32_t item_words, guard_words;
    FM_VEC(uint64_t) states; /* item_words each */
    uint32_t state_count;
    uint32_t *slots, slot_count;
    FM_VEC(uint64_t) branches; /* a stack of branches being expanded */
    FM_VEC(uint64_t) words;    /* of moves */
    FM_VEC(struct move) moves;
    FM_VEC(uint32_t) first; /* of moves of each state */
    bool is_large;
};

/* --- the closure and the classes of letters --- */

enum item_group { GROUP_BOOLEAN, GROUP_TAIL, GROUP_PLAIN, GROUP_BRANCH, GROUP_COUNT };

static enum item_group group_of(const struct fm_part *part)
{
    if (part->is_boolean) {
        return GROUP_BOOLEAN;
    }
    if (part->is_tail) {
        return GROUP_TAIL;
    }
    return part->op == FM_PART_AND || part->op == FM_PART_ALWAYS ? GROUP_PLAIN : GROUP_BRANCH;
}

static void collect_items(struct builder *b, uint32_t root)
{
    uint32_t total = b->parts->parts.count;
    uint8_t *wanted = fm_memory_calloc(total, 1);
    b->item_of = fm_memory_alloc(total * sizeof *b->item_of);
    memset(b->item_of, 0xff, total * sizeof *b->item_of);
    wanted[root] = 1;
    for (uint32_t id = root + 1; id-- > 0;) {
        const struct fm_part *part = fm_part_at(b->parts, id);
        b->item_count += wanted[id];
        for (uint32_t i = 0; wanted[id] != 0 && i < part->count && group_of(part) >= GROUP_PLAIN;
             i++) {
            wanted[fm_part_kids(b->parts, id)[i]] = 1;
        }
    }
    b->items = fm_memory_alloc(b->item_count * sizeof *b->items);
    b->eventually_of = fm_memory_alloc(b->item_count * sizeof *b->eventually_of);
    uint32_t used = 0;
    for (uint32_t group = 0; group < GROUP_COUNT; group++) {
        for (uint32_t id = 0; id <= root; id++) {
            const struct fm_part *part = fm_part_at(b->parts, id);
            if (wanted[id] == 0 || group_of(part) != (enum item_group)group) {
                continue;
            }
            b->boolean_count += group == GROUP_BOOLEAN;
            b->eventually_of[used] = part->op == FM_PART_EVENTUALLY ? b->out->eventually_count++
                                                                    : UINT32_MAX;
            b->item_of[id] = used;
            b->items[used++] = id;
        }
    }
    b->item_words = (b->item_count + 63) / 64;
    fm_memory_free(wanted);
}

/* The number of this row among those before it, by an open-addressing table; *count when it is new:
 * then the slot is taken. */
static uint32_t row_number(const uint64_t *rows, uint32_t words, uint32_t *count, uint32_t *slots,
                           uint32_t slot_count)
{
    const uint64_t *row = rows + (size_t)*count * words;
    uint64_t hash = 0;
    for (uint32_t i = 0; i < words; i++) {
        hash = (hash ^ row[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    uint32_t at = (uint32_t)hash & (slot_count - 1);
    while (slots[at] != 0 &&
           memcmp(rows + (size_t)(slots[at] - 1) * words, row, words * sizeof *row) != 0) {
        at = (at + 1) & (slot_count - 1);
    }
    if (slots[at] != 0) {
        return slots[at] - 1;
    }
    slots[at] = ++*count;
    return *count - 1;
}

/* Classes of letters, and which of them each boolean has. */
static void classify(struct builder *b)
{
    uint32_t letters = fm_graph_letter_count(b->graph);
    uint32_t words = b->boolean_count / 64 + 1;
    uint32_t slot_count = 16;
    while (slot_count < 2 * letters) {
        slot_count *= 2;
    }
    uint32_t *slots = fm_memory_calloc(slot_count, sizeof *slots);
    uint64_t *rows = fm_memory_calloc((size_t)(letters + 1) * words, sizeof *rows);
    uint32_t wanted_count, count = 0;
    uint32_t *wanted = fm_parts_below(b->parts, b->items, b->boolean_count, &wanted_count);
    uint8_t *values = fm_memory_calloc(b->parts->parts.count, 1);
    b->out->class_of = fm_memory_alloc((letters + (size_t)1) * sizeof *b->out->class_of);
    for (uint32_t letter = 0; letter < letters; letter++) {
        uint64_t *row = rows + (size_t)count * words;
        memset(row, 0, words * sizeof *row);
        fm_parts_judge(b->parts, wanted, wanted_count, fm_graph_letter_words_of(b->graph, letter),
                       values);
        for (uint32_t i = 0; i < b->boolean_count; i++) {
            row[i / 64] |= (uint64_t)values[b->items[i]] << (i % 64);
        }
        b->out->class_of[letter] = row_number(rows, words, &count, slots, slot_count);
    }
    b->out->class_count = count;
    b->guard_words = count / 64 + 1;
    b->guards = fm_memory_calloc((size_t)b->boolean_count * b->guard_words + 1, sizeof *b->guards);
    for (uint32_t c = 0; c < count; c++) {
        for (uint32_t i = 0; i < b->boolean_count; i++) {
            if (fm_bits_has(rows + (size_t)c * words, i)) {
                fm_bits_add(b->guards + (size_t)i * b->guard_words, c);
            }
        }
    }
    fm_memory_free(slots);
    fm_memory_free(rows);
    fm_memory_free(wanted);
    fm_memory_free(values);
}

/* --- states --- */

/* The number of the state whose formulas stand behind the last one. */
static uint32_t intern_state(struct builder *b, const uint64_t *set)
{
    for (uint32_t i = 0; i < b->item_words; i++) {
        fm_vec_push(&b->states, set[i]);
    }
    uint32_t before = b->state_count;
    uint32_t id = row_number(b->states.at, b->item_words, &b->state_count, b->slots, b->slot_count);
    if (b->state_count == before) {
        b->states.count -= b->item_words;
    } else if (b->state_count >= STATES_MAX) {
        b->is_large = true;
    }
    return id;
}

/* --- expansion --- */

/* Parts of a branch, in words. */
struct branch {
    uint64_t *todo, *now, *next, *postponed, *guard;
};

static uint32_t branch_words(const struct builder *b)
{
    return 4 * b->item_words + b->guard_words;
}

static struct branch top_branch(const struct builder *b)
{
    uint64_t *at = b->branches.at + b->branches.count - branch_words(b);
    return (struct branch){.todo = at,
                           .now = at + b->item_words,
                           .next = at + 2 * b->item_words,
                           .postponed = at + 3 * b->item_words,
                           .guard = at + 4 * b->item_words};
}

static void push_copy(struct builder *b)
{
    uint32_t words = branch_words(b);
    uint32_t from = b->branches.count - words;
    if (b->branches.count / words >= BRANCHES_MAX) {
        b->is_large = true;
        return;
    }
    for (uint32_t i = 0; i < words; i++) {
        uint64_t word = b->branches.at[from + i];
        fm_vec_push(&b->branches, word);
    }
}

/* The formula has to hold now. */
static void demand(const struct builder *b, struct branch branch, uint32_t part)
{
    uint32_t item = b->item_of[part];
    if (!fm_bits_has(branch.now, item)) {
        fm_bits_add(branch.now, item);
        fm_bits_add(branch.todo, item);
    }
}

/* Several kids of OR: the last one stays in this branch, each other gets a copy. */
static void branch_or(struct builder *b, uint32_t part)
{
    uint32_t count = fm_part_at(b->parts, part)->count;
    const uint32_t *kids = fm_part_kids(b->parts, part);
    struct branch branch = top_branch(b);
    for (uint32_t i = 0; i < count; i++) {
        if (fm_bits_has(branch.now, b->item_of[kids[i]])) {
            return;
        }
    }
    for (uint32_t i = count - 1; i > 0 && !b->is_large; i--) {
        push_copy(b);
        uint32_t words = branch_words(b);
        uint64_t *below = b->branches.at + b->branches.count - 2 * words;
        struct branch lower = {.todo = below, .now = below + b->item_words};
        demand(b, lower, kids[i]);
    }
    demand(b, top_branch(b), kids[0]);
}

static void branch_eventually(struct builder *b, uint32_t item)
{
    uint32_t body = fm_part_kids(b->parts, b->items[item])[0];
    if (fm_bits_has(top_branch(b).now, b->item_of[body])) {
        return;
    }
    push_copy(b);
    if (b->is_large) {
        return;
    }
    uint64_t *below = b->branches.at + b->branches.count - 2 * (size_t)branch_words(b);
    fm_bits_add(below + 2 * b->item_words, item);
    fm_bits_add(below + 3 * b->item_words, b->eventually_of[item]);
    demand(b, top_branch(b), body);
}

/* One formula of the branch on top; false when no letter is left for it. */
static bool expand_item(struct builder *b, uint32_t item)
{
    uint32_t id = b->items[item];
    const struct fm_part *part = fm_part_at(b->parts, id);
    struct branch branch = top_branch(b);
    if (part->is_boolean) {
        uint64_t any = 0;
        for (uint32_t i = 0; i < b->guard_words; i++) {
            branch.guard[i] &= b->guards[(size_t)item * b->guard_words + i];
            any |= branch.guard[i];
        }
        return any != 0;
    }
    if (part->is_tail) {
        fm_bits_add(branch.next, item);
        return true;
    }
    if (part->op == FM_PART_OR) {
        branch_or(b, id);
    } else if (part->op == FM_PART_EVENTUALLY) {
        branch_eventually(b, item);
    } else {
        for (uint32_t i = 0; i < part->count; i++) {
            demand(b, branch, fm_part_kids(b->parts, id)[i]);
        }
        if (part->op == FM_PART_ALWAYS) {
            fm_bits_add(branch.next, item);
        }
    }
    return true;
}

/* Whether the move at `a` is of no use beside that at `other`. */
static bool is_subsumed(const struct builder *b, const uint64_t *a, const uint64_t *other)
{
    uint32_t sets = 2 * b->item_words;
    return fm_bits_cover(a, other, sets) && fm_bits_cover(other + sets, a + sets, b->guard_words);
}

/* The branch on top becomes a move from the state whose moves begin at `first`. */
static void add_move(struct builder *b, uint32_t first)
{
    struct branch branch = top_branch(b);
    uint32_t at = b->words.count;
    uint64_t *next = branch.next;
    for (uint32_t i = 0; i < b->item_words; i++) {
        fm_vec_push(&b->words, branch.postponed[i]);
    }
    for (uint32_t i = 0; i < b->item_words; i++) {
        fm_vec_push(&b->words, next[i]);
    }
    for (uint32_t i = 0; i < b->guard_words; i++) {
        fm_vec_push(&b->words, branch.guard[i]);
    }
    uint32_t kept = first;
    for (uint32_t i = first; i < b->moves.count; i++) {
        if (is_subsumed(b, b->words.at + at, b->words.at + b->moves.at[i].at)) {
            /* Then it subsumes no other either: those would be subsumed by this one. */
            b->words.count = at;
            return;
        }
    }
    for (uint32_t i = first; i < b->moves.count; i++) {
        if (!is_subsumed(b, b->words.at + b->moves.at[i].at, b->words.at + at)) {
            b->moves.at[kept++] = b->moves.at[i];
        }
    }
    b->moves.count = kept;
    struct move move = {.to = UINT32_MAX, .at = at};
    fm_vec_push(&b->moves, move);
    b->is_large = b->is_large || b->moves.count - first > MOVES_MAX ||
                  b->words.count > UINT32_MAX / 4;
}

/* The moves of a state. */
static void expand_state(struct builder *b, uint32_t state)
{
    uint32_t words = branch_words(b), first = b->moves.count;
    fm_vec_push(&b->first, first);
    b->branches.count = 0;
    for (uint32_t i = 0; i < words; i++) {
        fm_vec_push(&b->branches, 0);
    }
    struct branch branch = top_branch(b);
    memcpy(branch.todo, b->states.at + (size_t)state * b->item_words,
           b->item_words * sizeof *branch.todo);
    memcpy(branch.now, branch.todo, b->item_words * sizeof *branch.now);
    for (uint32_t c = 0; c < b->out->class_count; c++) {
        fm_bits_add(branch.guard, c);
    }
    while (b->branches.count > 0 && !b->is_large) {
        branch = top_branch(b);
        uint32_t word = 0;
        while (word < b->item_words && branch.todo[word] == 0) {
            word++;
        }
        if (word == b->item_words) {
            add_move(b, first);
            b->branches.count -= words;
            continue;
        }
        uint32_t item = word * 64 + (uint32_t)__builtin_ctzll(branch.todo[word]);
        branch.todo[word] &= branch.todo[word] - 1;
        if (!expand_item(b, item)) {
            b->branches.count -= words;
        }
    }
    for (uint32_t i = first; i < b->moves.count && !b->is_large; i++) {
        uint32_t target = intern_state(b, b->words.at + b->moves.at[i].at + b->item_words);
        b->moves.at[i].to = target;
    }
}

/* --- smaller: merging, components, the dead --- */

/* Names are followed to their end: a state that was merged may be merged again. */
static uint32_t name_of(const uint32_t *name, uint32_t state)
{
    while (name[state] != state) {
        state = name[state];
    }
    return state;
}

static bool same_moves(const struct builder *b, uint32_t p, uint32_t q, const uint32_t *name)
{
    uint32_t count = b->first.at[p + 1] - b->first.at[p];
    if (count != b->first.at[q + 1] - b->first.at[q]) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct move *m = &b->moves.at[b->first.at[p] + i];
        bool found = false;
        for (uint32_t j = 0; j < count && !found; j++) {
            const struct move *n = &b->moves.at[b->first.at[q] + j];
            found = name_of(name, m->to) == name_of(name, n->to) &&
                    memcmp(b->words.at + m->at, b->words.at + n->at,
                           b->item_words * sizeof(uint64_t)) == 0 &&
                    memcmp(b->words.at + m->at + 2 * b->item_words,
                           b->words.at + n->at + 2 * b->item_words,
                           b->guard_words * sizeof(uint64_t)) == 0;
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static bool same_tails(const struct builder *b, uint32_t p, uint32_t q)
{
    for (uint32_t item = b->boolean_count; item < b->item_count; item++) {
        if (fm_part_at(b->parts, b->items[item])->is_tail &&
            fm_bits_has(b->states.at + (size_t)p * b->item_words, item) !=
                fm_bits_has(b->states.at + (size_t)q * b->item_words, item)) {
            return false;
        }
    }
    return true;
}

/* Each state's name becomes the first state that has the same moves to the same names. */
static void merge_states(const struct builder *b, uint32_t *name)
{
    for (uint32_t i = 0; i < b->state_count; i++) {
        name[i] = i;
    }
    bool changed = b->state_count <= MERGED_MAX;
    while (changed) {
        changed = false;
        for (uint32_t q = 1; q < b->state_count; q++) {
            for (uint32_t p = 0; p < q && name[q] == q; p++) {
                if (name[p] == p && same_tails(b, p, q) && same_moves(b, p, q, name)) {
                    name[q] = p;
                    changed = true;
                }
            }
        }
    }
}

struct visit {
    uint32_t state, move;
};

/* Components by Tarjan's algorithm, numbered as they are finished: the last ones first. */
static uint32_t find_components(const struct builder *b, const uint32_t *name, uint32_t *component)
{
    uint32_t count = 0, clock = 0, depth = 0, height = 0;
    uint32_t *index = fm_memory_calloc(b->state_count, sizeof *index);
    uint32_t *low = fm_memory_calloc(b->state_count, sizeof *low);
    uint32_t *stack = fm_memory_calloc(b->state_count, sizeof *stack);
    struct visit *visits = fm_memory_calloc(b->state_count, sizeof *visits);
    memset(component, 0xff, b->state_count * sizeof *component);
    visits[depth++] = (struct visit){0, b->first.at[0]};
    index[0] = low[0] = ++clock;
    stack[height++] = 0;
    while (depth > 0) {
        struct visit *visit = &visits[depth - 1];
        uint32_t state = visit->state;
        if (visit->move < b->first.at[state + 1]) {
            uint32_t to = name_of(name, b->moves.at[visit->move++].to);
            if (index[to] == 0) {
                index[to] = low[to] = ++clock;
                stack[height++] = to;
                visits[depth++] = (struct visit){to, b->first.at[to]};
            } else if (component[to] == UINT32_MAX && index[to] < low[state]) {
                low[state] = index[to];
            }
            continue;
        }
        depth--;
        if (low[state] == index[state]) {
            while (component[state] == UINT32_MAX) {
                component[stack[--height]] = count;
            }
            count++;
        }
        if (depth > 0 && low[state] < low[visits[depth - 1].state]) {
            low[visits[depth - 1].state] = low[state];
        }
    }
    fm_memory_free(index);
    fm_memory_free(low);
    fm_memory_free(stack);
    fm_memory_free(visits);
    return count;
}

/* For each component whether it is accepting, and whether it leads to one that is. */
static void judge_components(const struct builder *b, const uint32_t *name,
                             const uint32_t *component, uint32_t count, bool *accepting,
                             bool *alive)
{
    uint32_t eventually = b->out->eventually_count, words = eventually / 64 + 1;
    for (uint32_t c = 0; c < count; c++) {
        /* Postponed by all moves so far; a component without moves accepts nothing. */
        uint64_t *all = fm_memory_alloc(words * sizeof *all);
        memset(all, 0xff, words * sizeof *all);
        bool has_moves = false;
        for (uint32_t state = 0; state < b->state_count; state++) {
            if (component[state] != c) {
                continue;
            }
            for (uint32_t i = b->first.at[state]; i < b->first.at[state + 1]; i++) {
                uint32_t to = component[name_of(name, b->moves.at[i].to)];
                alive[c] = alive[c] || (to != c && alive[to]);
                has_moves = has_moves || to == c;
                for (uint32_t w = 0; to == c && w < words && w < b->item_words; w++) {
                    all[w] &= b->words.at[b->moves.at[i].at + w];
                }
            }
        }
        bool postponed = false;
        for (uint32_t i = 0; i < eventually; i++) {
            postponed = postponed || fm_bits_has(all, i);
        }
        accepting[c] = has_moves && !postponed;
        alive[c] = alive[c] || accepting[c];
        fm_memory_free(all);
    }
}

/* --- the result --- */

/* The number of the row of eventualities that the move does not put off. */
static uint32_t row_of(struct builder *b, const struct move *move)
{
    struct fm_automaton *out = b->out;
    uint64_t *row = out->rows + (size_t)out->row_count * out->row_words;
    memset(row, 0, out->row_words * sizeof *row);
    for (uint32_t i = 0; i < out->eventually_count; i++) {
        if (!fm_bits_has(b->words.at + move->at, i)) {
            fm_bits_add(row, i);
        }
    }
    for (uint32_t i = 0; i < out->row_count; i++) {
        if (memcmp(out->rows + (size_t)i * out->row_words, row, out->row_words * sizeof *row) ==
            0) {
            return i;
        }
    }
    return out->row_count++;
}

/* Moves of all states that live, by class; `number` of a state is what it becomes. */
static bool write_moves(struct builder *b, const uint32_t *name, const uint32_t *number)
{
    struct fm_automaton *out = b->out;
    FM_VEC(struct fm_automaton_move) moves = {0};
    if ((uint64_t)out->state_count * out->class_count > TABLE_MAX) {
        return false;
    }
    out->first = fm_memory_alloc(((size_t)out->state_count * out->class_count + 1) *
                                 sizeof *out->first);
    out->row_words = out->eventually_count / 64 + 1;
    out->rows = fm_memory_alloc((b->moves.count + (size_t)1) * out->row_words * sizeof *out->rows);
    uint32_t *rows = fm_memory_alloc((b->moves.count + (size_t)1) * sizeof *rows);
    for (uint32_t i = 0; i < b->moves.count; i++) {
        rows[i] = row_of(b, &b->moves.at[i]);
    }
    uint32_t at = 0;
    for (uint32_t state = 0; state < b->state_count; state++) {
        if (number[state] == UINT32_MAX) {
            continue;
        }
        for (uint32_t c = 0; c < out->class_count; c++) {
            out->first[at++] = moves.count;
            for (uint32_t i = b->first.at[state]; i < b->first.at[state + 1]; i++) {
                const struct move *move = &b->moves.at[i];
                uint32_t to = number[name_of(name, move->to)];
                if (to != UINT32_MAX &&
                    fm_bits_has(b->words.at + move->at + 2 * b->item_words, c)) {
                    struct fm_automaton_move entry = {.to = to, .row = rows[i]};
                    fm_vec_push(&moves, entry);
                }
            }
            if (moves.count > TABLE_MAX) {
                b->is_large = true;
            }
        }
    }
    out->first[at] = moves.count;
    out->moves = moves.at;
    fm_memory_free(rows);
    return !b->is_large;
}

static void write_tails(struct builder *b, const uint32_t *number)
{
    struct fm_automaton *out = b->out;
    FM_VEC(uint32_t) tails = {0};
    out->tail_first = fm_memory_alloc((out->state_count + (size_t)1) * sizeof *out->tail_first);
    for (uint32_t state = 0; state < b->state_count; state++) {
        if (number[state] == UINT32_MAX) {
            continue;
        }
        out->tail_first[number[state]] = tails.count;
        for (uint32_t item = b->boolean_count; item < b->item_count; item++) {
            if (fm_part_at(b->parts, b->items[item])->is_tail &&
                fm_bits_has(b->states.at + (size_t)state * b->item_words, item)) {
                fm_vec_push(&tails, b->items[item]);
            }
        }
    }
    out->tail_first[out->state_count] = tails.count;
    out->tails = tails.at;
}

/* Merges, takes the dead away, and writes what is left. */
static bool finish(struct builder *b)
{
    struct fm_automaton *out = b->out;
    uint32_t *name = fm_memory_alloc(b->state_count * sizeof *name);
    uint32_t *component = fm_memory_alloc(b->state_count * sizeof *component);
    uint32_t *number = fm_memory_alloc(b->state_count * sizeof *number);
    merge_states(b, name);
    uint32_t count = find_components(b, name, component);
    bool *accepting = fm_memory_calloc(count, sizeof *accepting);
    bool *alive = fm_memory_calloc(count, sizeof *alive);
    judge_components(b, name, component, count, accepting, alive);
    out->component_of = fm_memory_alloc(b->state_count * sizeof *out->component_of);
    for (uint32_t state = 0; state < b->state_count; state++) {
        bool lives = component[state] != UINT32_MAX && alive[component[state]];
        number[state] = lives ? out->state_count++ : UINT32_MAX;
        if (lives) {
            out->component_of[number[state]] = count - 1 - component[state];
        }
    }
    out->initial = 0;
    out->component_count = count;
    out->is_accepting = fm_memory_calloc(count, sizeof *out->is_accepting);
    for (uint32_t c = 0; c < count; c++) {
        out->is_accepting[c] = accepting[count - 1 - c];
    }
    fm_assert(out->state_count == 0 || number[0] == 0);
    bool done = write_moves(b, name, number);
    write_tails(b, number);
    fm_memory_free(name);
    fm_memory_free(component);
    fm_memory_free(number);
    fm_memory_free(accepting);
    fm_memory_free(alive);
    return done;
}

bool fm_automaton_build(struct fm_automaton *automaton, const struct fm_parts *parts, uint32_t root,
                        const struct fm_graph *graph)
{
    *automaton = (struct fm_automaton){0};
    struct builder b = {.parts = parts, .graph = graph, .out = automaton};
    collect_items(&b, root);
    classify(&b);
    b.slot_count = 4 * STATES_MAX;
    b.slots = fm_memory_calloc(b.slot_count, sizeof *b.slots);
    uint64_t *set = fm_memory_calloc(b.item_words, sizeof *set);
    fm_bits_add(set, b.item_of[root]);
    (void)intern_state(&b, set);
    for (uint32_t state = 0; state < b.state_count && !b.is_large; state++) {
        expand_state(&b, state);
    }
    fm_vec_push(&b.first, b.moves.count);
    bool done = !b.is_large && finish(&b);
    fm_memory_free(set);
    fm_memory_free(b.slots);
    fm_memory_free(b.items);
    fm_memory_free(b.item_of);
    fm_memory_free(b.eventually_of);
    fm_memory_free(b.guards);
    fm_vec_deinit(&b.states);
    fm_vec_deinit(&b.branches);
    fm_vec_deinit(&b.words);
    fm_vec_deinit(&b.moves);
    fm_vec_deinit(&b.first);
    return done;
}

void fm_automaton_set_rows(struct fm_automaton *automaton, uint32_t words, uint32_t base)
{
    uint64_t *rows = fm_memory_calloc((size_t)automaton->row_count * words + 1, sizeof *rows);
    for (uint32_t row = 0; row < automaton->row_count; row++) {
        for (uint32_t i = 0; i < automaton->eventually_count; i++) {
            if (fm_bits_has(automaton->rows + (size_t)row * automaton->row_words, i)) {
                fm_bits_add(rows + (size_t)row * words, base + i);
            }
        }
    }
    fm_memory_free(automaton->rows);
    automaton->rows = rows;
    automaton->row_words = words;
}

void fm_automaton_deinit(struct fm_automaton *automaton)
{
    fm_memory_free(automaton->class_of);
    fm_memory_free(automaton->first);
    fm_memory_free(automaton->moves);
    fm_memory_free(automaton->rows);
    fm_memory_free(automaton->component_of);
    fm_memory_free(automaton->is_accepting);
    fm_memory_free(automaton->tail_first);
    fm_memory_free(automaton->tails);
    *automaton = (struct fm_automaton){0};
}
