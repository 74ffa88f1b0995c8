# Writes OUTPUT, a C file with the text of each of FILES (paths separated by `|`) as an array of bytes:
# the headers that emitted code is compiled against (src/native/runtime_text.h).
cmake_minimum_required(VERSION 3.25)

string(REPLACE "|" ";" files "${FILES}")
list(SORT files COMPARE FILE_BASENAME)
set(arrays "")
set(rows "")
set(count 0)
foreach(path IN LISTS files)
    get_filename_component(name "${path}" NAME)
    # They lie in one folder there.
    file(READ "${path}" text)
    string(REPLACE "#include \"base/" "#include \"" text "${text}")
    file(WRITE "${OUTPUT}.text" "${text}")
    file(READ "${OUTPUT}.text" hex HEX)
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

file(WRITE "${OUTPUT}.new" "/* Generated from src/native/runtime by cmake/EmbedRuntime.cmake. */
#include \"native/runtime_text.h\"

#include <stddef.h>

${arrays}static const struct fm_runtime_file table[] = {
${rows}    {NULL, NULL, 0},
};

const struct fm_runtime_file *fm_runtime_files(uint32_t *count)
{
    *count = ${count};
    return table;
}
")
file(REMOVE "${OUTPUT}.text")
file(RENAME "${OUTPUT}.new" "${OUTPUT}")
