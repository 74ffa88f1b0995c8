#include "semantics/sema.h"
void fm_level_check_module(struct fm_sema *sema, struct fm_module *module)
{
    (void)sema;
    (void)module;
}
