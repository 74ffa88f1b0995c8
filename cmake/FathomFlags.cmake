# Language, warnings, optimization and instrumentation: the interface target fathom_flags, which every
# library, executable and test links.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Release keeps debug information (crash reports, profiles) and fm_assert: no -DNDEBUG.
set(CMAKE_C_FLAGS_RELEASE "-O2 -g" CACHE STRING "" FORCE)
if(NOT FATHOM_SANITIZE STREQUAL "")
    # -Og leaves sanitized code too slow for the golden specifications; -O1 keeps stacks readable.
    set(CMAKE_C_FLAGS_DEBUG "-O1 -g -fno-omit-frame-pointer" CACHE STRING "" FORCE)
elseif(FATHOM_COVERAGE)
    set(CMAKE_C_FLAGS_DEBUG "-O0 -g" CACHE STRING "" FORCE)
else()
    set(CMAKE_C_FLAGS_DEBUG "-Og -g3" CACHE STRING "" FORCE)
endif()

add_library(fathom_flags INTERFACE)
target_compile_definitions(fathom_flags INTERFACE
    _GNU_SOURCE
    FM_VERSION="${PROJECT_VERSION}"
    $<$<CONFIG:Debug>:FM_DEBUG>)
target_compile_options(fathom_flags INTERFACE
    -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef
    -Wcast-qual -Wformat=2 -Werror
    # Together these two forbid `default:` in a switch over an enum: the first where an enumerator is
    # left to the default, the second (clang knows it) where every enumerator has its case.
    -Wswitch-enum $<$<C_COMPILER_ID:Clang>:-Wcovered-switch-default>
    -fno-common)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    # Calls into shared libraries go through the GOT directly: lazy binding saves nothing here.
    target_compile_options(fathom_flags INTERFACE -fno-plt)
endif()
target_include_directories(fathom_flags INTERFACE
    "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/include")

if(NOT FATHOM_SANITIZE STREQUAL "")
    target_compile_options(fathom_flags INTERFACE
        -fsanitize=${FATHOM_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(fathom_flags INTERFACE
        -fsanitize=${FATHOM_SANITIZE} -fno-sanitize-recover=all)
    if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
        # The checks that sanitizers insert look to gcc like paths the program has (a format string that
        # may be NULL): these warnings are left to the builds without sanitizers.
        target_compile_options(fathom_flags INTERFACE -Wno-format-truncation -Wno-format-overflow
            -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-nonnull -Wno-null-dereference)
    endif()
endif()
if(FATHOM_COVERAGE)
    target_compile_options(fathom_flags INTERFACE --coverage -fprofile-update=atomic)
    target_link_options(fathom_flags INTERFACE --coverage)
endif()
if(FATHOM_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
        message(FATAL_ERROR "FATHOM_FUZZ needs clang (libFuzzer); use the preset `fuzz`")
    endif()
    target_compile_options(fathom_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Libraries hold machine code and LTO code (fat objects): the executable is linked with LTO, the many
# test programs without, or each of them would compile the whole project again.
if(FATHOM_LTO AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
    set(FATHOM_LTO_ACTIVE ON)
    set(CMAKE_AR "${CMAKE_C_COMPILER_AR}")
    set(CMAKE_RANLIB "${CMAKE_C_COMPILER_RANLIB}")
    target_compile_options(fathom_flags INTERFACE -flto=auto -ffat-lto-objects)
endif()
