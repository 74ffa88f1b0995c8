/* Printing on one line, as TLC prints.
 *
 * What is printed depends on the value alone, in normal form: elements in order, fields by rank.
 * Small lazy sets are listed; large ones are shown as their expression (SUBSET S from 2^7 elements,
 * [S -> T], records and products from 2000, TLC's bounds). A function prints as a tuple if its
 * domain is 1..n, as a record if its domain consists of identifiers, and with :> and @@ otherwise.
 *
 * The same code serves messages, in a mode that must not evaluate or raise, because it runs when
 * something has already failed: sets are printed as they are, lazy values as their expression, and
 * the text is cut at a length. */
#include "value/print.h"

#include "base/thread.h"
#include "value/raise.h"
#include "value/view.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* TLC: SUBSET S is listed if S has fewer elements, a product if it has fewer itself. */
#define SUBSETS_BASE_COUNT_MAX 7
#define PRODUCT_COUNT_MAX 2000
/* Stack kept by brief printing, bytes: it may run when the stack is nearly used up. */
#define BRIEF_STACK_RESERVE ((size_t)32 << 10)
/* Digits of 60 bits from which a message tells the size of an integer instead. */
#define BRIEF_DIGITS_MAX 64

struct printer {
    struct fm_value_context *context; /* NULL: brief, evaluates nothing */
    struct fm_text *out;
    size_t length_max; /* of the text, brief only */
};

static void print(const struct printer *printer, fm_value v);

static bool is_full(const struct printer *printer)
{
    return printer->context == NULL && printer->out->length >= printer->length_max;
}

static void print_string(const struct printer *printer, const struct fm_symbol *symbol)
{
    fm_text_putc(printer->out, '"');
    for (uint32_t i = 0; i < symbol->length; i++) {
        const char *escapes = "\"\\\t\n\f\r", *letters = "\"\\tnfr";
        const char *escape = symbol->text[i] != '\0' ? strchr(escapes, symbol->text[i]) : NULL;
        if (escape != NULL) {
            fm_text_putc(printer->out, '\\');
            fm_text_putc(printer->out, letters[escape - escapes]);
        } else {
            fm_text_putc(printer->out, symbol->text[i]);
        }
    }
    fm_text_putc(printer->out, '"');
}

/* Separated by `separator`, between `open` and `close`. */
static void print_list(const struct printer *printer, const struct fm_elements *elements,
                       const char *open, const char *close)
{
    fm_text_puts(printer->out, open);
    for (uint64_t i = 0; i < elements->count && !is_full(printer); i++) {
        if (i > 0) {
            fm_text_puts(printer->out, ", ");
        }
        print(printer, fm_elements_get(elements, i));
    }
    fm_text_puts(printer->out, close);
}

/* TLA+ identifiers, the only names that print as fields: letters, digits, underscores, at least one
 * letter, and not the beginning of a fairness formula. */
static bool is_identifier(const struct fm_symbol *symbol)
{
    bool letter = false;
    for (uint32_t i = 0; i < symbol->length; i++) {
        unsigned char c = (unsigned char)symbol->text[i];
        if (c != '_' && !isalnum(c) && c < 0x80) {
            return false;
        }
        letter = letter || isalpha(c) || c >= 0x80;
    }
    bool fairness = symbol->length >= 3 && (symbol->text[0] == 'W' || symbol->text[0] == 'S') &&
                    symbol->text[1] == 'F' && symbol->text[2] == '_';
    return letter && !fairness;
}

static bool prints_as_record(fm_value v)
{
    if (fm_value_object(v)->kind != FM_KIND_RECORD) {
        return false;
    }
    const struct fm_array *names = fm_as_array(fm_as_fcn(v)->domain);
    for (uint32_t i = 0; i < names->head.count; i++) {
        if (!is_identifier(fm_value_symbol(names->elements[i]))) {
            return false;
        }
    }
    return true;
}

/* A record or a function with listed arguments. */
static void print_graph(const struct printer *printer, fm_value v)
{
    struct fm_graph graph = fm_graph_of(v);
    bool record = prints_as_record(v);
    fm_text_putc(printer->out, record ? '[' : '(');
    for (uint32_t i = 0; i < graph.count && !is_full(printer); i++) {
        fm_value key = fm_elements_get(&graph.keys, i);
        if (i > 0) {
            fm_text_puts(printer->out, record ? ", " : " @@ ");
        }
        if (record) {
            fm_text_puts(printer->out, fm_value_symbol(key)->text);
            fm_text_puts(printer->out, " |-> ");
        } else {
            print(printer, key);
            fm_text_puts(printer->out, " :> ");
        }
        print(printer, graph.values[i]);
    }
    fm_text_putc(printer->out, record ? ']' : ')');
}

static void print_function(const struct printer *printer, fm_value v)
{
    if (fm_value_object(v)->kind == FM_KIND_LAZY_FCN) {
        const struct fm_lazy_fcn *lazy = fm_as_lazy_fcn(v);
        bool finite = printer->context != NULL &&
                      fm_set_can_enumerate(printer->context, lazy->domain);
        if (fm_is_none(lazy->explicit_fcn) && !finite) {
            fm_text_puts(printer->out, "[x \\in ");
            print(printer, lazy->domain);
            fm_text_puts(printer->out, " |-> <expression>]");
            return;
        }
        v = finite ? fm_fcn_explicit(printer->context, v) : lazy->explicit_fcn;
    }
    struct fm_graph graph = fm_graph_of(v);
    if (fm_value_object(v)->kind == FM_KIND_TUPLE) {
        struct fm_elements elements = {graph.values, 0, graph.count};
        print_list(printer, &elements, "<<", ">>");
    } else {
        print_graph(printer, v);
    }
}

/* --- sets --- */

static void print_binary(const struct printer *printer, fm_value v, const char *operator)
{
    const fm_value *parts = fm_as_lazy_set(v)->parts;
    print(printer, parts[0]);
    fm_text_puts(printer->out, operator);
    print(printer, parts[1]);
}

static void print_applied(const struct printer *printer, const char *open, fm_value operand,
                          const char *close)
{
    fm_text_puts(printer->out, open);
    print(printer, operand);
    fm_text_puts(printer->out, close);
}

static void print_product(const struct printer *printer, fm_value v)
{
    const struct fm_lazy_set *lazy = fm_as_lazy_set(v);
    bool record = lazy->head.kind == FM_KIND_RECSET;
    fm_text_putc(printer->out, record ? '[' : '(');
    for (uint32_t i = 0; i < lazy->head.count; i++) {
        if (i > 0) {
            fm_text_puts(printer->out, record ? ", " : " \\X ");
        }
        if (record) {
            fm_value names = fm_of_object(lazy->extra);
            fm_text_puts(printer->out, fm_value_symbol(fm_as_array(names)->elements[i])->text);
            fm_text_puts(printer->out, ": ");
        }
        print(printer, lazy->parts[i]);
    }
    fm_text_putc(printer->out, record ? ']' : ')');
}

/* The lazy set as its expression. */
static void print_expression(const struct printer *printer, fm_value v)
{
    const fm_value *parts = fm_as_lazy_set(v)->parts;
    switch (fm_value_object(v)->kind) {
    case FM_KIND_SUBSETS:
        if (fm_is_kind(parts[0], FM_KIND_INTERVAL)) {
            print_applied(printer, "SUBSET (", parts[0], ")");
        } else {
            print_applied(printer, "SUBSET ", parts[0], "");
        }
        break;
    case FM_KIND_KSUBSETS:
        print_applied(printer, "kSubset(", parts[1], ", ");
        print_applied(printer, "", parts[0], ")");
        break;
    case FM_KIND_FCNSET:
        fm_text_putc(printer->out, '[');
        print_binary(printer, v, " -> ");
        fm_text_putc(printer->out, ']');
        break;
    case FM_KIND_RECSET:
    case FM_KIND_CROSS:
        print_product(printer, v);
        break;
    case FM_KIND_UNION:
        print_applied(printer, "UNION(", parts[0], ")");
        break;
    case FM_KIND_CUP:
        print_binary(printer, v, " \\cup ");
        break;
    case FM_KIND_CAP:
        print_binary(printer, v, " \\cap ");
        break;
    case FM_KIND_DIFF:
        print_binary(printer, v, " \\ ");
        break;
    case FM_KIND_FILTER:
        print_applied(printer, "{x \\in ", parts[0], " : <expression>}");
        break;
    case FM_KIND_SEQS:
        print_applied(printer, "Seq(", parts[0], ")");
        break;
    default:
        fm_unreachable();
    }
}

/* Whether TLC would list the lazy set, which it can. */
static bool is_listed(struct fm_value_context *context, fm_value v)
{
    enum fm_kind kind = fm_value_kind(v);
    if (!fm_set_can_enumerate(context, v) || !fm_set_is_finite(context, v)) {
        return false;
    }
    if (kind == FM_KIND_SUBSETS) {
        fm_value size = fm_set_cardinality(context, fm_as_lazy_set(v)->parts[0]);
        return fm_int_compare(context, size, fm_small(SUBSETS_BASE_COUNT_MAX)) < 0;
    }
    if (kind == FM_KIND_FCNSET || kind == FM_KIND_RECSET || kind == FM_KIND_CROSS) {
        return fm_int_compare(context, fm_set_cardinality(context, v),
                              fm_small(PRODUCT_COUNT_MAX)) < 0;
    }
    return true;
}

static void print_lazy(const struct printer *printer, fm_value v)
{
    struct fm_value_context *context = printer->context;
    if (context == NULL || fm_value_kind(v) == FM_KIND_SEQS || !is_listed(context, v)) {
        print_expression(printer, v);
        return;
    }
    if (fm_value_kind(v) != FM_KIND_KSUBSETS) {
        struct fm_elements elements = fm_elements_of(fm_set_explicit(context, v));
        print_list(printer, &elements, "{", "}");
        return;
    }
    struct fm_set_cursor cursor; /* TLC's order of k-element subsets */
    fm_value element;
    const char *separator = "{";
    fm_set_begin(context, &cursor, v, FM_SET_NORMAL);
    while (fm_set_next(context, &cursor, &element)) {
        fm_text_puts(printer->out, separator);
        print(printer, element);
        separator = ", ";
    }
    fm_text_puts(printer->out, separator[0] == '{' ? "{}" : "}");
}

static void print_set(const struct printer *printer, fm_value v)
{
    if (fm_value_object(v)->kind == FM_KIND_INTERVAL) {
        if (fm_interval_count(fm_as_interval(v)) == 0) {
            fm_text_puts(printer->out, "{}");
        } else {
            fm_text_printf(printer->out, "%" PRId64 "..%" PRId64, fm_as_interval(v)->low,
                           fm_as_interval(v)->high);
        }
        return;
    }
    if (printer->context != NULL) {
        fm_set_normalize(printer->context, v);
    }
    struct fm_elements elements = {fm_as_array(v)->elements, 0, fm_value_object(v)->count};
    print_list(printer, &elements, "{", "}");
}

static void print_object(const struct printer *printer, fm_value v)
{
    /* ORDER(infinite) */
    static const char *const names[] = {"Nat", "Int", "Real", "STRING", "ANY"};
    enum fm_kind kind = fm_value_kind(v);
    if (printer->context != NULL) {
        fm_value_check_depth(printer->context);
    }
    if (kind == FM_KIND_INT && printer->context == NULL &&
        fm_value_object(v)->count > BRIEF_DIGITS_MAX) {
        fm_text_printf(printer->out, "<integer of about %u bits>", fm_value_object(v)->count * 60);
    } else if (kind == FM_KIND_INT) {
        fm_int_print(v, printer->out);
    } else if (kind >= FM_KIND_TUPLE && kind <= FM_KIND_LAZY_FCN) {
        print_function(printer, v);
    } else if (kind == FM_KIND_SET || kind == FM_KIND_INTERVAL) {
        print_set(printer, v);
    } else if (kind >= FM_KIND_NAT && kind <= FM_KIND_ANY) {
        fm_text_puts(printer->out, names[kind - FM_KIND_NAT]);
    } else if (kind == FM_KIND_OPERATOR) {
        fm_text_puts(printer->out, "<operator>");
    } else {
        print_lazy(printer, v);
    }
}

static void print(const struct printer *printer, fm_value v)
{
    if (is_full(printer)) {
        return;
    }
    if (printer->context == NULL && fm_stack_left() < BRIEF_STACK_RESERVE) {
        fm_text_puts(printer->out, "...");
        return;
    }
    switch (v.bits & 7u) {
    case FM_TAG_INT:
        fm_int_print(v, printer->out);
        break;
    case FM_TAG_BOOL:
        fm_text_puts(printer->out, fm_is_true(v) ? "TRUE" : "FALSE");
        break;
    case FM_TAG_STRING:
        print_string(printer, fm_value_symbol(v));
        break;
    case FM_TAG_MODEL:
        fm_text_puts(printer->out, fm_value_symbol(v)->text);
        break;
    case FM_TAG_OBJECT:
        print_object(printer, v);
        break;
    default:
        fm_text_puts(printer->out, "<none>");
    }
}

void fm_value_print(struct fm_value_context *context, fm_value v, struct fm_text *out)
{
    struct printer printer = {.context = context, .out = out};
    print(&printer, v);
}

void fm_print_brief(fm_value v, size_t length_max, struct fm_text *out)
{
    struct printer printer = {.out = out, .length_max = out->length + length_max};
    print(&printer, v);
    if (out->length > printer.length_max) {
        size_t length = printer.length_max;
        while (length > 0 && ((unsigned char)out->at[length] & 0xc0u) == 0x80u) {
            length--; /* not in the middle of a character */
        }
        out->length = length;
        out->at[length] = '\0';
        fm_text_puts(out, "...");
    }
}
