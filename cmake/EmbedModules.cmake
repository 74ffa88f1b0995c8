# Writes OUTPUT, a C file with the text of each of MODULES (paths separated by `|`) as an array of bytes:
# C compilers limit the length of string literals, arrays have no limit.
cmake_minimum_required(VERSION 3.25)

string(REPLACE "|" ";" modules "${MODULES}")
set(names "")
foreach(path IN LISTS modules)
    get_filename_component(name "${path}" NAME)
    string(REGEX REPLACE "\\.tla$" "" name "${name}")
    if(name IN_LIST names)
        message(FATAL_ERROR "two modules are named ${name}; the second is ${path}")
    endif()
    list(APPEND names "${name}")
    set("path_${name}" "${path}")
endforeach()
list(SORT names COMPARE STRING)

set(arrays "")
set(rows "")
set(count 0)
foreach(name IN LISTS names)
    file(READ "${path_${name}}" hex HEX)
    string(LENGTH "${hex}" digits)
    math(EXPR size "${digits} / 2")
    string(REPEAT "[0-9a-f]" 32 line)
    string(REGEX REPLACE "(${line})" "\\1\n    " hex "${hex}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," hex "${hex}")
    string(APPEND arrays
        "static const unsigned char text_${count}[] = { /* ${name} */\n    ${hex}0x00};\n\n")
    string(APPEND rows "    {\"${name}\", (const char *)text_${count}, ${size}},\n")
    math(EXPR count "${count} + 1")
endforeach()

file(WRITE "${OUTPUT}.new" "/* Generated from modules/ by cmake/EmbedModules.cmake. */
#include \"modules/embedded.h\"

#include <stddef.h>

${arrays}/* Closed by an empty row, so that it is an array even without modules. */
static const struct fm_embedded_module table[] = {
${rows}    {NULL, NULL, 0},
};

const struct fm_embedded_module *fm_embedded_modules(uint32_t *count)
{
    *count = ${count};
    return table;
}
")
file(RENAME "${OUTPUT}.new" "${OUTPUT}")
