#include "semantics/program.h"
void fm_node_print(const struct fm_program *program, const struct fm_node *node, size_t size_max,
                   struct fm_text *out)
{(void)program;(void)node;(void)size_max;fm_text_puts(out,"?");}
