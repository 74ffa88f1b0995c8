# System libraries: the interface target fathom_external. docs/dependencies.md gives the reason for each.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_program(FATHOM_PYTHON NAMES python3 HINTS /usr/bin REQUIRED)

function(fathom_find_external target header library package)
    find_path(FATHOM_${library}_INCLUDE ${header})
    find_library(FATHOM_${library}_LIBRARY ${library})
    if(NOT FATHOM_${library}_INCLUDE OR NOT FATHOM_${library}_LIBRARY)
        message(FATAL_ERROR
            "lib${library} (${header}) was not found: install ${package}, or run scripts/setup")
    endif()
    target_include_directories(${target} SYSTEM INTERFACE "${FATHOM_${library}_INCLUDE}")
    target_link_libraries(${target} INTERFACE "${FATHOM_${library}_LIBRARY}")
endfunction()

add_library(fathom_external INTERFACE)
fathom_find_external(fathom_external tommath.h tommath libtommath-dev)
fathom_find_external(fathom_external jansson.h jansson libjansson-dev)
fathom_find_external(fathom_external xxhash.h xxhash libxxhash-dev)
fathom_find_external(fathom_external utf8proc.h utf8proc libutf8proc-dev)
fathom_find_external(fathom_external histedit.h edit libedit-dev)
target_link_libraries(fathom_external INTERFACE Threads::Threads m)

if(FATHOM_TESTS)
    add_library(fathom_cmocka INTERFACE)
    fathom_find_external(fathom_cmocka cmocka.h cmocka libcmocka-dev)
endif()
