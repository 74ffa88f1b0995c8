# One static library fm_LAYER per folder of src, and the executable `fathom` from src/cli.
# ORDER(layer): low to high, each may use those before it; scripts/check-style holds the same list.
set(FATHOM_LAYERS
    base stats sim diag syntax value modules semantics model eval mapping native store explore liveness history fuzz cli)

# modules/*.tla, and the interning order recorded of TLC's texts, become a table in the binary
# (src/modules/embedded.h).
file(GLOB_RECURSE FATHOM_MODULES CONFIGURE_DEPENDS
     "${PROJECT_SOURCE_DIR}/modules/*.tla" "${PROJECT_SOURCE_DIR}/modules/interning.tsv")
set(FATHOM_EMBEDDED_C "${PROJECT_BINARY_DIR}/generated/embedded_modules.c")
set(FATHOM_EMBED_SCRIPT "${PROJECT_SOURCE_DIR}/cmake/EmbedModules.cmake")
string(REPLACE ";" "|" FATHOM_MODULES_ARGUMENT "${FATHOM_MODULES}")
add_custom_command(
    OUTPUT "${FATHOM_EMBEDDED_C}"
    COMMAND ${CMAKE_COMMAND} "-DOUTPUT=${FATHOM_EMBEDDED_C}" "-DMODULES=${FATHOM_MODULES_ARGUMENT}"
            -P "${FATHOM_EMBED_SCRIPT}"
    DEPENDS ${FATHOM_MODULES} "${FATHOM_EMBED_SCRIPT}"
    COMMENT "Embedding modules/*.tla" VERBATIM)
# A library of data below all layers: module search (semantics) reads it, and it needs nothing.
add_library(fm_embedded STATIC "${FATHOM_EMBEDDED_C}")
target_link_libraries(fm_embedded PRIVATE fathom_flags)

# The headers of src/native/runtime, as the compiler of emitted code gets them
# (src/native/runtime_text.h).
file(GLOB FATHOM_RUNTIME CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/native/runtime/*.h"
     "${PROJECT_SOURCE_DIR}/src/base/fathom_*.h")
set(FATHOM_RUNTIME_C "${PROJECT_BINARY_DIR}/generated/embedded_runtime.c")
set(FATHOM_RUNTIME_SCRIPT "${PROJECT_SOURCE_DIR}/cmake/EmbedRuntime.cmake")
string(REPLACE ";" "|" FATHOM_RUNTIME_ARGUMENT "${FATHOM_RUNTIME}")
add_custom_command(
    OUTPUT "${FATHOM_RUNTIME_C}"
    COMMAND ${CMAKE_COMMAND} "-DOUTPUT=${FATHOM_RUNTIME_C}" "-DFILES=${FATHOM_RUNTIME_ARGUMENT}"
            -P "${FATHOM_RUNTIME_SCRIPT}"
    DEPENDS ${FATHOM_RUNTIME} "${FATHOM_RUNTIME_SCRIPT}"
    COMMENT "Embedding src/native/runtime" VERBATIM)

set(lower fm_embedded)
foreach(layer IN LISTS FATHOM_LAYERS)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${layer}/*.c")
    if(layer STREQUAL "native")
        list(APPEND sources "${FATHOM_RUNTIME_C}")
    endif()
    if(layer STREQUAL "cli")
        list(REMOVE_ITEM sources "${PROJECT_SOURCE_DIR}/src/cli/main.c")
    endif()
    if(sources)
        add_library(fm_${layer} STATIC ${sources})
        target_link_libraries(fm_${layer} PUBLIC ${lower} fathom_external PRIVATE fathom_flags)
    else()
        add_library(fm_${layer} INTERFACE)
        target_link_libraries(fm_${layer} INTERFACE ${lower} fathom_external)
    endif()
    # The nearest layer below comes first: the linker resolves from left to right.
    set(lower fm_${layer} ${lower})
endforeach()

if(EXISTS "${PROJECT_SOURCE_DIR}/src/cli/main.c")
    add_executable(fathom src/cli/main.c)
    target_link_libraries(fathom PRIVATE fm_cli fathom_flags)
    # Targets of `fathom fuzz` find the services of fathom/sut.h in the program.
    target_link_options(fathom PRIVATE "-Wl,--export-dynamic-symbol=fathom_*"
                        "-Wl,--undefined=fathom_send")
    if(FATHOM_LTO_ACTIVE)
        target_link_options(fathom PRIVATE -flto=auto -fuse-linker-plugin)
    endif()
else()
    message(WARNING "src/cli/main.c is missing: only the libraries and unit tests are built")
endif()

# A test or fuzz entry links the highest layer that it, or a header beside it, includes, and those below:
# a layer that does not compile stops only the tests that need it.
function(fathom_highest_layer result source)
    get_filename_component(folder "${source}" DIRECTORY)
    file(STRINGS "${source}" includes REGEX "^#include \"")
    set(lines "${includes}")
    foreach(line IN LISTS includes)
        if(NOT line MATCHES "^#include \"([a-z_0-9]+\\.h)\"")
            continue()
        endif()
        if(EXISTS "${folder}/${CMAKE_MATCH_1}")
            file(STRINGS "${folder}/${CMAKE_MATCH_1}" more REGEX "^#include \"")
            list(APPEND lines ${more})
        endif()
    endforeach()
    set(highest base)
    foreach(layer IN LISTS FATHOM_LAYERS)
        if("${lines}" MATCHES "#include \"${layer}/")
            set(highest ${layer})
        endif()
    endforeach()
    set(${result} fm_${highest} PARENT_SCOPE)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}")
endfunction()
