# Compiler, warnings, sanitizers, caches: everything that is the same for every target.

option(ST0CK_WERROR "Treat warnings as errors" OFF)
option(ST0CK_PCH "Precompile the heavy standard and fmt headers" ON)
option(ST0CK_FUZZ "Build libFuzzer executables (needs clang)" OFF)
option(ST0CK_THREADED_LAYERS_ONLY "Build only the layers that run on several threads" OFF)
option(ST0CK_IPO "Link-time optimisation" OFF)
set(ST0CK_SANITIZE "" CACHE STRING "Value of -fsanitize= for all of our code")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ${ST0CK_IPO})

# Programs lie directly in the build folder; libraries and tests one level down.
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# -g1 keeps line numbers for stack traces and profiles at little cost in size.

add_library(st0ck_flags INTERFACE)
add_library(st0ck::flags ALIAS st0ck_flags)
target_include_directories(st0ck_flags INTERFACE "${PROJECT_SOURCE_DIR}/include"
                                                 "${PROJECT_SOURCE_DIR}")
target_compile_options(st0ck_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
  -Woverloaded-virtual -Wold-style-cast -Wcast-align -Wnull-dereference -Wunused
  -Wdouble-promotion -Wformat=2 -Wimplicit-fallthrough
  # Decisions must not depend on whether the compiler fuses a multiply with an add.
  -ffp-contract=off
  -fno-omit-frame-pointer -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports null dereferences and buffer overruns inside inlined libstdc++ at -O3, which
  # are none (GCC bugs 105329, 105651); the asan preset finds the real ones.
  target_compile_options(st0ck_flags INTERFACE
    -Wduplicated-cond -Wlogical-op -fpch-preprocess
    -Wno-null-dereference -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow
    -Wno-stringop-overread -Wno-error=maybe-uninitialized)
else()
  # libstdc++ 12 uses its own deprecated helpers, which clang reports at our call.
  target_compile_options(st0ck_flags INTERFACE -Wno-deprecated-declarations)
endif()
if(ST0CK_WERROR)
  target_compile_options(st0ck_flags INTERFACE -Werror)
endif()

if(ST0CK_SANITIZE)
  target_compile_options(st0ck_flags INTERFACE
    -fsanitize=${ST0CK_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(st0ck_flags INTERFACE -fsanitize=${ST0CK_SANITIZE})
  target_compile_definitions(st0ck_flags INTERFACE _GLIBCXX_ASSERTIONS)
elseif(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_definitions(st0ck_flags INTERFACE _GLIBCXX_ASSERTIONS)
else()
  # Debian's compilers may define it already, in another strength.
  target_compile_options(st0ck_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()

if(ST0CK_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "ST0CK_FUZZ=ON needs clang, found ${CMAKE_CXX_COMPILER_ID}")
  endif()
  target_compile_options(st0ck_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

find_program(ST0CK_CCACHE ccache)
if(ST0CK_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without this sloppiness ccache refuses every file that uses a precompiled header. The others let
  # a clone in another folder find what this one has compiled (the checksum of a precompiled header is
  # st0ck_write_checksum's).
  set(CMAKE_CXX_COMPILER_LAUNCHER
      env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
      CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1 "${ST0CK_CCACHE}")
endif()
if(ST0CK_CCACHE AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # A time stamp inside the precompiled header would make each one unique.
  target_compile_options(st0ck_flags INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
  # Without the -Xclang and the second -include of CMake, which ccache does not understand.
  set(CMAKE_CXX_COMPILE_OPTIONS_USE_PCH -include-pch <PCH_FILE>)
endif()

find_program(ST0CK_MOLD mold)
if(ST0CK_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
add_link_options(-Wl,-z,relro,-z,now)
