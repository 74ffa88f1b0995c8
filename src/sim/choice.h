/* Choices: a schedule is a list of them, and each is one event of a world (world.h). A choice names
 * channels and positions, not messages, so that it keeps a meaning when those before it change; one
 * that does not apply is a no-op. In text it is a line:
 *
 *     deliver 1>2
 *     timer 3 position=1
 *     disk 2 status=1 cut=3
 *
 * Fields that are 0 are left out. `cut=K`: the node crashes after the K-th effect of this event. */
#ifndef FM_SIM_CHOICE_H
#define FM_SIM_CHOICE_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* ORDER(choice) */
enum fm_choice_kind {
#define FM_CHOICE(id, word, place, position, kept, amount, fault) FM_CHOICE_##id,
#include "sim/choices.def"
#undef FM_CHOICE
    FM_CHOICE_COUNT
};

enum fm_choice_place { FM_PLACE_NOWHERE, FM_PLACE_NODE, FM_PLACE_CHANNEL };

/* `cut` of an event that is not cut short. */
#define FM_CHOICE_WHOLE UINT8_MAX

struct fm_choice {
    uint8_t kind;       /* enum fm_choice_kind */
    uint8_t node, peer; /* from 1; 0: none. Of a channel: from, to */
    uint8_t cut;        /* effects before the crash, or FM_CHOICE_WHOLE */
    uint16_t position, kept;
    uint32_t amount;
};

struct fm_choice_row {
    const char *word;
    enum fm_choice_place place;
    const char *position, *kept, *amount; /* names of the fields, or NULL */
    uint64_t fault;                       /* enum fathom_fault, or 0 */
};

/* FM_CHOICE_COUNT rows. */
const struct fm_choice_row *fm_choice_table(void);

/* Whether a choice of that kind runs code of a node, so that it can be cut short. */
bool fm_choice_runs_code(enum fm_choice_kind kind);
/* The choice of that kind with everything else 0 and not cut. */
struct fm_choice fm_choice_make(enum fm_choice_kind kind);
/* Appends the line, without its end. */
void fm_choice_print(const struct fm_choice *choice, struct fm_text *out);
/* Reads a line without its end. NULL, or what is wrong with it, in static memory. */
const char *fm_choice_parse(const char *line, struct fm_choice *choice);

#endif
