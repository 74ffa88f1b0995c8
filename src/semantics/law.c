/* Distributions: reading them, chances of elements, drawing costs.
 *
 *     DISTRIBUTION Lost = BooleanChoice(0.23)      TRUE with probability 0.23
 *     COST Send = Exponential(3.17)                every step by Send costs 3.17 on average
 *
 * The argument of Exponential is the mean, not the rate; the reports say so beside each estimate.
 * Chances of elements are given up to a factor: those of the elements that a set has are made to
 * sum up to 1 where one is chosen, so a distribution over all naturals is cut to the set.
 *
 * Drawing: inversion where the inverse is simple (Devroye, "Non-Uniform Random Variate Generation",
 * 1986, II.2); normal numbers by Box and Muller, "A note on the generation of random normal
 * deviates" (Annals of Mathematical Statistics 29, 1958), of which one of the two is used, so that
 * a draw does not depend on the one before. */
#include "semantics/law.h"

#include "base/assert.h"
#include "base/vec.h"
#include "semantics/load.h"
#include "value/order.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PI 3.14159265358979323846

/* ORDER(law) */
static const struct row {
    const char *name;
    enum fm_law_kind kind;
    bool of_choices, of_costs;
    uint32_t parameters; /* UINT32_MAX: pairs of value and weight */
    const char *format;  /* of fm_law.text */
} rows[] = {
    {"Constant", FM_LAW_CONSTANT, false, true, 1, "%g"},
    {"BooleanChoice", FM_LAW_BOOLEAN, true, false, 1, "TRUE with probability %g"},
    {"Histogram", FM_LAW_HISTOGRAM, true, true, UINT32_MAX, "a histogram"},
    {"Uniform", FM_LAW_UNIFORM, true, false, 0, "uniform"},
    {"Uniform", FM_LAW_UNIFORM, false, true, 2, "uniform from %g to %g"},
    {"Geometric", FM_LAW_GEOMETRIC, true, false, 1, "geometric, success %g"},
    {"Poisson", FM_LAW_POISSON, true, false, 1, "Poisson, mean %g"},
    {"Binomial", FM_LAW_BINOMIAL, true, false, 2, "binomial, %g trials of success %g"},
    {"Zipf", FM_LAW_ZIPF, true, false, 1, "Zipf, exponent %g"},
    {"Exponential", FM_LAW_EXPONENTIAL, false, true, 1, "exponential, mean %g"},
    {"Normal", FM_LAW_NORMAL, false, true, 2, "normal, mean %g, standard deviation %g"},
    {"LogNormal", FM_LAW_LOGNORMAL, false, true, 2,
     "log-normal, logarithm's mean %g, deviation %g"},
    {"Erlang", FM_LAW_ERLANG, false, true, 2, "Erlang, %g stages, mean %g"},
    {"Pareto", FM_LAW_PARETO, false, true, 2, "Pareto, shape %g, least %g"},
};

enum { ROW_COUNT = sizeof rows / sizeof *rows };

struct binder {
    struct fm_program *program;
    struct fm_statistics *statistics;
    FM_VEC(struct fm_choice) choices;
    FM_VEC(struct fm_cost) costs;
    FM_VEC(const struct fm_formula *) probabilities;
    FM_VEC(const struct fm_formula *) measures;
    FM_VEC(const struct fm_formula *) reaches;
    bool failed;
};

static void __attribute__((format(printf, 3, 4)))
refuse(struct binder *binder, struct fm_span span, const char *format, ...)
{
    char message[300];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    binder->failed = true;
    (void)fm_diag_report(binder->program->diags, FM_CODE_3060, span, "%s", message);
}

/* --- laws --- */

static const struct row *find_row(struct binder *binder, const struct fm_config_statistic *from)
{
    bool is_cost = from->kind == FM_STATISTIC_COST;
    const char *names[ROW_COUNT];
    uint32_t count = 0;
    if (from->law.name.name == NULL) {
        return is_cost ? &rows[FM_LAW_CONSTANT] : NULL;
    }
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (is_cost ? !rows[i].of_costs : !rows[i].of_choices) {
            continue;
        }
        names[count++] = rows[i].name;
        if (strcmp(rows[i].name, from->law.name.name->text) == 0) {
            return &rows[i];
        }
    }
    const char *nearest = fm_diag_nearest(from->law.name.name->text, names, count);
    refuse(binder, from->law.name.span, "there is no distribution `%s` of %s%s%s%s",
           from->law.name.name->text, is_cost ? "costs" : "choices",
           nearest == NULL ? "" : "; did you mean `", nearest == NULL ? "" : nearest,
           nearest == NULL ? "" : "`?");
    return NULL;
}

/* What is wrong with the parameters, or NULL. */
static const char *find_wrong(const struct fm_law *law)
{
    switch (law->kind) {
    case FM_LAW_BOOLEAN:
        return law->a >= 0 && law->a <= 1 ? NULL : "a probability is between 0 and 1";
    case FM_LAW_GEOMETRIC:
        return law->a > 0 && law->a <= 1 ? NULL : "a probability of success is above 0, at most 1";
    case FM_LAW_BINOMIAL:
        return law->a >= 0 && law->b >= 0 && law->b <= 1
                   ? NULL
                   : "trials are not negative, a probability is between 0 and 1";
    case FM_LAW_POISSON:
    case FM_LAW_EXPONENTIAL:
        return law->a > 0 ? NULL : "a mean is above 0";
    case FM_LAW_ERLANG:
        return law->a >= 1 && law->a <= 1000 && law->a == floor(law->a) && law->b > 0
                   ? NULL
                   : "stages are an integer from 1 to 1000, a mean is above 0";
    case FM_LAW_PARETO:
        return law->a > 0 && law->b > 0 ? NULL : "shape and least value are above 0";
    case FM_LAW_NORMAL:
    case FM_LAW_LOGNORMAL:
        return law->b >= 0 ? NULL : "a deviation is not negative";
    case FM_LAW_UNIFORM:
        return law->a <= law->b ? NULL : "the second argument is not below the first";
    case FM_LAW_ZIPF:
        return law->a >= 0 ? NULL : "an exponent is not negative";
    case FM_LAW_CONSTANT:
    case FM_LAW_HISTOGRAM:
        break;
    }
    return NULL;
}

static bool bind_histogram(struct binder *binder, const struct fm_config_statistic *from,
                           struct fm_law *law)
{
    bool is_cost = from->kind == FM_STATISTIC_COST;
    const struct fm_config_law *given = &from->law;
    uint32_t count = given->argument_count / 2;
    fm_value *values = fm_arena_calloc(&binder->program->arena, count + 1, sizeof *values);
    double *numbers = fm_arena_calloc(&binder->program->arena, count + 1, sizeof *numbers);
    double *weights = fm_arena_calloc(&binder->program->arena, count + 1, sizeof *weights);
    double total = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct fm_config_argument *value = &given->arguments[2 * (size_t)i];
        const struct fm_config_argument *weight = &given->arguments[2 * (size_t)i + 1];
        values[i] = value->value;
        numbers[i] = value->number;
        weights[i] = weight->number;
        total += weight->number;
        if (!(weight->number >= 0)) {
            refuse(binder, weight->span, "a weight is a number that is not negative");
            return false;
        }
        if (is_cost ? isnan(value->number) : fm_is_none(value->value)) {
            refuse(binder, value->span,
                   is_cost ? "a cost is a number" : "an element is a value, not a decimal");
            return false;
        }
    }
    if (given->argument_count % 2 != 0 || !(total > 0)) {
        refuse(binder, given->name.span,
               "a histogram is made of values, each with its weight behind it, not all 0");
        return false;
    }
    law->values = values;
    law->numbers = numbers;
    law->weights = weights;
    law->count = count;
    return true;
}

static bool bind_law(struct binder *binder, const struct fm_config_statistic *from,
                     struct fm_law *law)
{
    const struct row *row = find_row(binder, from);
    const struct fm_config_law *given = &from->law;
    if (row == NULL) {
        if (!binder->failed) {
            refuse(binder, given->name.span, "a choice has a distribution, not a number");
        }
        return false;
    }
    *law = (struct fm_law){.kind = row->kind};
    if (row->parameters == UINT32_MAX) {
        law->text = row->format;
        return bind_histogram(binder, from, law);
    }
    if (given->argument_count != row->parameters) {
        refuse(binder, given->name.span, "%s takes %u argument%s, not %u", row->name,
               row->parameters, row->parameters == 1 ? "" : "s", given->argument_count);
        return false;
    }
    for (uint32_t i = 0; i < given->argument_count; i++) {
        if (isnan(given->arguments[i].number)) {
            refuse(binder, given->arguments[i].span, "the parameters of %s are numbers", row->name);
            return false;
        }
        *(i == 0 ? &law->a : &law->b) = given->arguments[i].number;
    }
    const char *wrong = find_wrong(law);
    if (wrong != NULL) {
        refuse(binder, given->name.span, "%s: %s", row->name, wrong);
        return false;
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    law->text = row->parameters == 0 ? row->format
                : row->parameters == 1
                    ? fm_arena_printf(&binder->program->arena, row->format, law->a)
                    : fm_arena_printf(&binder->program->arena, row->format, law->a, law->b);
#pragma GCC diagnostic pop
    return true;
}

/* --- statistics --- */

static void bind_choice(struct binder *binder, const struct fm_config_statistic *from)
{
    struct fm_choice choice = {
        .def = fm_program_find(binder->program, from->name.name),
        .name = from->name.name,
    };
    if (choice.def == NULL) {
        refuse(binder, from->name.span, "there is no operator `%s`", from->name.name->text);
        return;
    }
    for (uint32_t i = 0; i < binder->choices.count; i++) {
        if (binder->choices.at[i].def == choice.def) {
            refuse(binder, from->name.span, "`%s` has two distributions", from->name.name->text);
            return;
        }
    }
    choice.used = fm_arena_calloc(&binder->program->arena, 1, sizeof *choice.used);
    if (bind_law(binder, from, &choice.law)) {
        fm_vec_push(&binder->choices, choice);
    }
}

static void bind_cost(struct binder *binder, const struct fm_config_statistic *from)
{
    struct fm_cost cost = {.name = from->name.name, .span = from->name.span};
    for (uint32_t i = 0; i < binder->costs.count; i++) {
        if (binder->costs.at[i].name == cost.name) {
            refuse(binder, from->name.span, "`%s` has two costs", from->name.name->text);
            return;
        }
    }
    if (bind_law(binder, from, &cost.law)) {
        fm_vec_push(&binder->costs, cost);
    }
}

static const struct fm_formula *bind_formula(struct binder *binder,
                                             const struct fm_config_statistic *from)
{
    struct fm_formula *formula = fm_program_add_expression(binder->program, from->name.name->text,
                                                           from->text);
    if (formula == NULL) {
        binder->failed = true;
        return NULL;
    }
    if (formula->node->level > FM_LEVEL_STATE) {
        refuse(binder, from->name.span, "`%s` is no expression of one state", from->text);
        return NULL;
    }
    return formula;
}

static void bind_one(struct binder *binder, const struct fm_config_statistic *from)
{
    switch (from->kind) {
    case FM_STATISTIC_DISTRIBUTION:
        bind_choice(binder, from);
        break;
    case FM_STATISTIC_COST:
        bind_cost(binder, from);
        break;
    case FM_STATISTIC_PROBABILITY:
        fm_vec_push(&binder->probabilities, bind_formula(binder, from));
        break;
    case FM_STATISTIC_MEASURE:
        fm_vec_push(&binder->measures, bind_formula(binder, from));
        break;
    case FM_STATISTIC_REACH:
        fm_vec_push(&binder->reaches, bind_formula(binder, from));
        break;
    }
}

#define KEEP(vec, to, number)                                                                      \
    ((to) = fm_arena_copy(&binder->program->arena, (vec).at, (vec).count * sizeof *(vec).at),      \
     (number) = (vec).count, fm_vec_deinit(&(vec)))

static void keep(struct binder *binder)
{
    struct fm_statistics *statistics = binder->statistics;
    KEEP(binder->choices, binder->program->choices, binder->program->choice_count);
    KEEP(binder->costs, statistics->costs, statistics->cost_count);
    KEEP(binder->probabilities, statistics->probabilities, statistics->probability_count);
    KEEP(binder->measures, statistics->measures, statistics->measure_count);
    KEEP(binder->reaches, statistics->reaches, statistics->reach_count);
}

bool fm_statistics_bind(struct fm_program *program, const struct fm_config_statistics *more,
                        struct fm_statistics *statistics)
{
    struct binder binder = {.program = program, .statistics = statistics};
    *statistics = (struct fm_statistics){.costs = NULL};
    for (uint32_t i = 0; i < program->statistic_count; i++) {
        bind_one(&binder, &program->statistics[i]);
    }
    for (uint32_t i = 0; i < more->count; i++) {
        bind_one(&binder, &more->at[i]);
    }
    keep(&binder);
    return !binder.failed;
}

/* --- chances --- */

static double log_factorial(double n)
{
    return lgamma(n + 1);
}

/* Of a natural number. */
static double natural_weight(const struct fm_law *law, double k)
{
    switch (law->kind) {
    case FM_LAW_GEOMETRIC: /* failures before the first success */
        return law->a * pow(1 - law->a, k);
    case FM_LAW_POISSON:
        return exp(k * log(law->a) - law->a - log_factorial(k));
    case FM_LAW_BINOMIAL:
        if (k > law->a) {
            return 0;
        }
        return exp(log_factorial(law->a) - log_factorial(k) - log_factorial(law->a - k)) *
               pow(law->b, k) * pow(1 - law->b, law->a - k);
    case FM_LAW_CONSTANT:
    case FM_LAW_BOOLEAN:
    case FM_LAW_HISTOGRAM:
    case FM_LAW_UNIFORM:
    case FM_LAW_ZIPF:
    case FM_LAW_EXPONENTIAL:
    case FM_LAW_NORMAL:
    case FM_LAW_LOGNORMAL:
    case FM_LAW_ERLANG:
    case FM_LAW_PARETO:
        break;
    }
    return 0;
}

double fm_law_weight(const struct fm_law *law, struct fm_value_context *context, fm_value element,
                     uint32_t place, uint32_t count)
{
    (void)count;
    switch ((int)law->kind) {
    case FM_LAW_BOOLEAN:
        return fm_value_same(element, fm_bool(true))    ? law->a
               : fm_value_same(element, fm_bool(false)) ? 1 - law->a
                                                        : 0;
    case FM_LAW_UNIFORM:
        return 1;
    case FM_LAW_ZIPF:
        return pow((double)place + 1, -law->a);
    case FM_LAW_HISTOGRAM:
        for (uint32_t i = 0; i < law->count; i++) {
            if (fm_value_kind(law->values[i]) == fm_value_kind(element) &&
                fm_value_equal(context, law->values[i], element)) {
                return law->weights[i];
            }
        }
        return 0;
    }
    if (!fm_is_small(element) || fm_small_get(element) < 0) {
        return 0;
    }
    return natural_weight(law, (double)fm_small_get(element));
}

/* --- costs --- */

/* In (0, 1). */
static double open_unit(struct fm_random *random)
{
    return ((double)(fm_random_next(random) >> 12) + 0.5) * 0x1p-52;
}

static double draw_normal(struct fm_random *random)
{
    double radius = sqrt(-2 * log(open_unit(random)));
    return radius * cos(2 * PI * open_unit(random));
}

static double draw_histogram(const struct fm_law *law, struct fm_random *random)
{
    double total = 0;
    for (uint32_t i = 0; i < law->count; i++) {
        total += law->weights[i];
    }
    double at = open_unit(random) * total;
    uint32_t i = 0;
    while (i + 1 < law->count && at >= law->weights[i]) {
        at -= law->weights[i++];
    }
    return law->numbers[i];
}

double fm_law_draw(const struct fm_law *law, struct fm_random *random)
{
    double sum = 0;
    switch (law->kind) {
    case FM_LAW_CONSTANT:
        return law->a;
    case FM_LAW_EXPONENTIAL:
        return -law->a * log(open_unit(random));
    case FM_LAW_UNIFORM:
        return law->a + (law->b - law->a) * open_unit(random);
    case FM_LAW_NORMAL:
        return law->a + law->b * draw_normal(random);
    case FM_LAW_LOGNORMAL:
        return exp(law->a + law->b * draw_normal(random));
    case FM_LAW_ERLANG:
        for (double i = 0; i < law->a; i++) {
            sum -= log(open_unit(random));
        }
        return sum * law->b / law->a;
    case FM_LAW_PARETO:
        return law->b * pow(open_unit(random), -1 / law->a);
    case FM_LAW_HISTOGRAM:
        return draw_histogram(law, random);
    case FM_LAW_BOOLEAN:
    case FM_LAW_GEOMETRIC:
    case FM_LAW_POISSON:
    case FM_LAW_BINOMIAL:
    case FM_LAW_ZIPF:
        break;
    }
    fm_unreachable();
}
