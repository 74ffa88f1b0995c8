/* libFuzzer entry of the reader of findings: any text is read without crash or leak; what is
 * refused says why, and what is taken is a finding that prints and reads again as the same text.
 */
#include "base/assert.h"
#include "fuzz/finding.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fm_memory_alloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    struct fm_finding finding, again;
    struct fm_finding_error error;
    if (fm_finding_parse(text, &finding, &error)) {
        struct fm_text first = {0}, second = {0};
        fm_finding_print(&finding, &first);
        fm_assert(fm_finding_parse(fm_text_string(&first), &again, &error));
        fm_finding_print(&again, &second);
        fm_assert(strcmp(first.at, second.at) == 0);
        fm_text_deinit(&first);
        fm_text_deinit(&second);
        fm_finding_deinit(&finding);
        fm_finding_deinit(&again);
    } else {
        fm_assert(error.text[0] != '\0' && error.line > 0);
    }
    fm_memory_free(text);
    return 0;
}
