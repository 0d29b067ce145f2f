# Turns folders into targets: a layer, an engine, a program, a test, a fuzz target or a benchmark
# is made by adding its files, nothing else.

include(GoogleTest)
include(GNUInstallDirs)

set(ST0CK_ALL_LIBRARIES "" CACHE INTERNAL "aliases of every library made so far")
set(ST0CK_PROGRAMS "" CACHE INTERNAL "programs of src/app")

# What test code is compiled with besides. A library of its own and linked last, because clang lets
# the last option win.
add_library(st0ck_test_flags INTERFACE)
# Generators of rapidcheck, macros and typed tests of GoogleTest give these without a fault.
target_compile_options(st0ck_test_flags INTERFACE
  -Wno-sign-conversion -Wno-dangling-else -Wno-unused-const-variable)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  # The code under test is what must be fast; the tests themselves compile a third faster so.
  target_compile_options(st0ck_test_flags INTERFACE -O1)
elseif(ST0CK_SANITIZE)
  # Instrumented, they compile in a third of the time so; what they test keeps its level.
  target_compile_options(st0ck_test_flags INTERFACE -O0)
endif()
if(ST0CK_FUZZ)
  target_compile_options(st0ck_test_flags INTERFACE -fno-sanitize=fuzzer-no-link)
endif()

# st0ck_write_checksum(<kind> <header>...)
# A precompiled header holds the path of its folder. ccache takes it for another one in each clone,
# unless a checksum lies beside it: here of what the headers come to in this compiler. The flags
# ccache sees for itself.
function(st0ck_write_checksum kind)
  set(source "${PROJECT_BINARY_DIR}/generated/pch_${kind}.cpp")
  set(text "")
  foreach(header IN LISTS ARGN)
    string(APPEND text "#include ${header}\n")
  endforeach()
  file(CONFIGURE OUTPUT "${source}" CONTENT "${text}")
  execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -std=c++20 -E -P "${source}"
    OUTPUT_VARIABLE preprocessed ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    string(SHA256 checksum "${CMAKE_CXX_COMPILER_VERSION} ${preprocessed}")
    foreach(ending gch pch)
      file(WRITE
        "${PROJECT_BINARY_DIR}/CMakeFiles/st0ck_pch_${kind}.dir/cmake_pch.hxx.${ending}.sum"
        "${checksum}\n")
    endforeach()
  endif()
endfunction()

# One precompiled header for the libraries and one for the tests: per-target ones would compile
# the same headers a dozen times.
function(st0ck_add_precompiled_headers)
  set(standard <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <optional>
      <span> <string> <string_view> <utility> <variant> <vector> <fmt/format.h> <tl/expected.hpp>)
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/generated/pch.cpp" CONTENT "")
  foreach(kind lib test)
    add_library(st0ck_pch_${kind} OBJECT EXCLUDE_FROM_ALL "${PROJECT_BINARY_DIR}/generated/pch.cpp")
    target_link_libraries(st0ck_pch_${kind} PRIVATE st0ck::flags fmt::fmt tl::expected)
    target_precompile_headers(st0ck_pch_${kind} PRIVATE ${standard})
  endforeach()
  target_link_libraries(st0ck_pch_test PRIVATE
    GTest::gtest GTest::gmock st0ck::rapidcheck st0ck_test_flags)
  target_precompile_headers(st0ck_pch_test PRIVATE <gtest/gtest.h> <rapidcheck/gtest.h>)
  st0ck_write_checksum(lib ${standard})
  st0ck_write_checksum(test ${standard} <gtest/gtest.h> <rapidcheck/gtest.h>)
endfunction()

function(st0ck_use_precompiled_headers target kind)
  if(ST0CK_PCH)
    if(NOT TARGET st0ck_pch_${kind})
      st0ck_add_precompiled_headers()
    endif()
    # A precompiled header is refused where a definition of its libraries is missing.
    target_link_libraries(${target} PRIVATE fmt::fmt tl::expected)
    if(kind STREQUAL "test")
      target_link_libraries(${target} PRIVATE GTest::gtest GTest::gmock)
    endif()
    target_precompile_headers(${target} REUSE_FROM st0ck_pch_${kind})
  endif()
endfunction()

# st0ck_make_library(<target> <alias> SOURCES ... PUBLIC ... PRIVATE ...)
# Without a source the library is an interface, so that a room may begin with headers only.
function(st0ck_make_library target alias)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "SOURCES;PUBLIC;PRIVATE")
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    target_link_libraries(${target} PUBLIC st0ck::flags ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
    st0ck_use_precompiled_headers(${target} lib)
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE st0ck::flags ${arg_PUBLIC})
  endif()
  add_library(${alias} ALIAS ${target})
  set(ST0CK_ALL_LIBRARIES "${ST0CK_ALL_LIBRARIES};${alias}" CACHE INTERNAL "")
endfunction()

# st0ck_add_layer(<name> [SINGLE_THREADED] [DIR <folder under src and tests>] [PUBLIC ...]
#                 [PRIVATE ...])
# Library st0ck_<name> (alias st0ck::<name>) of src/<folder>/**.cpp; test program <name>_test of
# tests/<folder>/**_test.cpp. Where only threads are looked at, tests of SINGLE_THREADED layers have
# nothing to show.
function(st0ck_add_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SINGLE_THREADED" "DIR" "PUBLIC;PRIVATE")
  if(NOT arg_DIR)
    set(arg_DIR ${name})
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${arg_DIR}/*.cpp")
  st0ck_make_library(st0ck_${name} st0ck::${name}
    SOURCES ${sources} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  if(NOT (arg_SINGLE_THREADED AND ST0CK_THREADED_LAYERS_ONLY))
    st0ck_add_tests(${name} DIR ${arg_DIR} LINK st0ck::${name} ${arg_PRIVATE})
  endif()
endfunction()

# st0ck_add_parts(<top folder> <prefix> [PUBLIC ...])
# Every <top folder>/<name>/ becomes the library <prefix>_<name>, its tests come from
# tests/<top folder>/<name>/. st0ck::all_<top folder> links them all.
function(st0ck_add_parts folder prefix)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "PUBLIC")
  add_library(st0ck_all_${folder} INTERFACE)
  add_library(st0ck::all_${folder} ALIAS st0ck_all_${folder})
  # The names come from files, because a changed folder does not start CMake again.
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/${folder}"
       "${PROJECT_SOURCE_DIR}/${folder}/*.cpp" "${PROJECT_SOURCE_DIR}/${folder}/*.hpp")
  set(names ${files})
  list(TRANSFORM names REPLACE "/.*" "")
  list(REMOVE_DUPLICATES names)
  foreach(name IN LISTS names)
    set(sources ${files})
    list(FILTER sources INCLUDE REGEX "^${name}/.*\\.cpp$")
    list(TRANSFORM sources PREPEND "${PROJECT_SOURCE_DIR}/${folder}/")
    st0ck_make_library(${prefix}_${name} st0ck::${prefix}_${name}
      SOURCES ${sources} PUBLIC ${arg_PUBLIC})
    target_link_libraries(st0ck_all_${folder} INTERFACE st0ck::${prefix}_${name})
    st0ck_add_tests(${prefix}_${name} DIR ${folder}/${name} LINK st0ck::${prefix}_${name})
  endforeach()
  set(st0ck_${folder} "${names}" PARENT_SCOPE)
endfunction()

# Writes the list of engines that were found. An engine takes part by its register.hpp, which
# declares `void st0ck::engines::register_<name>(st0ck::kernel::EngineRegistry&)`.
function(st0ck_add_engine_registration)
  set(includes "")
  set(calls "")
  foreach(name IN LISTS st0ck_engines)
    if(EXISTS "${PROJECT_SOURCE_DIR}/engines/${name}/register.hpp")
      string(APPEND includes "#include \"engines/${name}/register.hpp\"\n")
      string(APPEND calls "  engines::register_${name}(registry);\n")
    endif()
  endforeach()
  set(source "${PROJECT_BINARY_DIR}/generated/registered_engines.cpp")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/registered_engines.cpp.in" "${source}" @ONLY)
  st0ck_make_library(st0ck_registered_engines st0ck::registered_engines
    SOURCES "${source}" PUBLIC st0ck::kernel st0ck::all_engines)
endfunction()

# Library st0ck_app of src/app, and one program per src/app/<program>/main.cpp.
function(st0ck_add_app)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "PUBLIC;PRIVATE")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/app/*.cpp")
  set(mains ${sources})
  list(FILTER mains INCLUDE REGEX "/main\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  st0ck_make_library(st0ck_app st0ck::app
    SOURCES ${sources} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  foreach(main IN LISTS mains)
    cmake_path(GET main PARENT_PATH folder)
    cmake_path(GET folder FILENAME program)
    add_executable(${program} "${main}")
    target_link_libraries(${program} PRIVATE st0ck::app ${arg_PRIVATE})
    # Engines loaded as shared objects resolve our symbols from the program.
    set_target_properties(${program} PROPERTIES ENABLE_EXPORTS ON)
    add_dependencies(st0ck_programs ${program})
    set(ST0CK_PROGRAMS "${ST0CK_PROGRAMS};${program}" CACHE INTERNAL "")
  endforeach()
  st0ck_add_tests(app DEPENDS_ON_PROGRAMS LINK st0ck::app ${arg_PRIVATE})
endfunction()

# Fakes and builders that several test programs share.
function(st0ck_add_test_support)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/support/*.cpp")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  if(sources)
    add_library(st0ck_test_support STATIC ${sources})
    target_link_libraries(st0ck_test_support PUBLIC st0ck::flags GTest::gtest GTest::gmock
      st0ck::rapidcheck fmt::fmt tl::expected st0ck::boost
      PRIVATE spdlog::spdlog st0ck_test_flags)
    st0ck_use_precompiled_headers(st0ck_test_support test)
  else()
    add_library(st0ck_test_support INTERFACE)
    target_link_libraries(st0ck_test_support INTERFACE
      st0ck::flags GTest::gtest GTest::gmock st0ck::rapidcheck)
  endif()
  target_include_directories(st0ck_test_support INTERFACE "${PROJECT_SOURCE_DIR}/tests")
  add_library(st0ck::test_support ALIAS st0ck_test_support)
endfunction()

# The shared object that the crash tests preload into st0ckd. Without sanitizers: the process that
# it is loaded into brings theirs, and calls it before they are set up.
function(st0ck_add_crash_shim)
  if(NOT BUILD_TESTING)
    return()
  endif()
  add_library(st0ck_crash_shim MODULE "${PROJECT_SOURCE_DIR}/tests/crash/crash_shim.cpp")
  target_link_libraries(st0ck_crash_shim PRIVATE st0ck::flags ${CMAKE_DL_LIBS})
  target_compile_options(st0ck_crash_shim PRIVATE -fno-sanitize=all)
  set_target_properties(st0ck_crash_shim PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  if(TARGET integration_test)
    add_dependencies(integration_test st0ck_crash_shim)
  endif()
endfunction()

# st0ck_add_tests(<name> [DIR <folder under tests>] [DEPENDS_ON_PROGRAMS] [LINK ...])
# Test program <name>_test of tests/<folder>/**.cpp, when a *_test.cpp is among them. Tests run in
# the project root; ST0CK_BIN_DIR names the folder of the programs.
function(st0ck_add_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "DEPENDS_ON_PROGRAMS" "DIR" "LINK")
  if(NOT BUILD_TESTING)
    return()
  endif()
  if(NOT TARGET st0ck_test_support)
    st0ck_add_test_support()
  endif()
  if(NOT arg_DIR)
    set(arg_DIR ${name})
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/${arg_DIR}/*.cpp")
  if(NOT sources MATCHES "_test\\.cpp")
    return()
  endif()
  add_executable(${name}_test ${sources})
  target_link_libraries(${name}_test PRIVATE
    ${arg_LINK} st0ck::test_support GTest::gtest_main GTest::gmock st0ck::rapidcheck
    st0ck_test_flags)
  set_target_properties(${name}_test PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  st0ck_use_precompiled_headers(${name}_test test)
  if(arg_DEPENDS_ON_PROGRAMS AND ST0CK_PROGRAMS)
    add_dependencies(${name}_test ${ST0CK_PROGRAMS})
  endif()
  gtest_discover_tests(${name}_test
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    # The printed value of a parameter may hold addresses, which differ from run to run.
    NO_PRETTY_VALUES
    TEST_PREFIX "${name}."
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    PROPERTIES LABELS "${name}" TIMEOUT 300 ENVIRONMENT "ST0CK_BIN_DIR=${PROJECT_BINARY_DIR}")
endfunction()

# benchmarks/*.cpp make one program; a run at a tiny size is part of the tests. Benchmarks may
# read ST0CK_BENCH_SMOKE to shrink their inputs there.
function(st0ck_add_benchmarks)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/benchmarks/*.cpp")
  if(NOT sources)
    return()
  endif()
  add_executable(st0ck-bench ${sources})
  target_link_libraries(st0ck-bench PRIVATE
    ${ST0CK_ALL_LIBRARIES} SQLite::SQLite3 simdjson::simdjson benchmark::benchmark benchmark::benchmark_main)
  add_dependencies(st0ck_programs st0ck-bench)
  if(BUILD_TESTING)
    add_test(NAME benchmarks.smoke
      COMMAND st0ck-bench --benchmark_min_time=0.001 --benchmark_counters_tabular=true
      WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
    set_tests_properties(benchmarks.smoke PROPERTIES
      LABELS benchmark TIMEOUT 300 ENVIRONMENT ST0CK_BENCH_SMOKE=1)
  endif()
endfunction()

# tests/fuzz/<name>_fuzz.cpp with seeds in tests/fuzz/corpus/<name>/. With ST0CK_FUZZ a libFuzzer
# program runs the seeds and then 10 s; otherwise a small main replays the seeds.
function(st0ck_add_fuzz_targets)
  if(NOT BUILD_TESTING)
    return()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/fuzz/*_fuzz.cpp")
  foreach(source IN LISTS sources)
    cmake_path(GET source STEM name)
    string(REGEX REPLACE "_fuzz$" "" name "${name}")
    set(target fuzz_${name})
    set(corpus "${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name}")
    set(found "${PROJECT_BINARY_DIR}/fuzz/${name}")
    file(MAKE_DIRECTORY "${found}")
    set(seeds "")
    if(IS_DIRECTORY "${corpus}")
      set(seeds "${corpus}")
    endif()
    add_executable(${target} "${source}")
    target_link_libraries(${target} PRIVATE ${ST0CK_ALL_LIBRARIES})
    set_target_properties(${target} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/fuzz")
    if(ST0CK_FUZZ)
      target_link_options(${target} PRIVATE -fsanitize=fuzzer)
      add_test(NAME fuzz.${name}.corpus COMMAND ${target} -runs=0 ${seeds})
      add_test(NAME fuzz.${name}.run
        COMMAND ${target} -max_total_time=10 -rss_limit_mb=2048 -timeout=10
                "-artifact_prefix=${found}/" "${found}" ${seeds})
      set_tests_properties(fuzz.${name}.run PROPERTIES LABELS fuzz TIMEOUT 120)
    else()
      target_sources(${target} PRIVATE "${PROJECT_SOURCE_DIR}/cmake/replay_corpus.cpp")
      add_test(NAME fuzz.${name}.corpus COMMAND ${target} ${seeds})
    endif()
    set_tests_properties(fuzz.${name}.corpus PROPERTIES LABELS corpus TIMEOUT 120)
  endforeach()
endfunction()

# Target st0ck_headers compiles each header of ours alone and without a precompiled header, which
# would hide a missing include.
function(st0ck_add_header_check)
  set(patterns include/*.hpp src/*.hpp engines/*.hpp strategies/*.hpp)
  list(TRANSFORM patterns PREPEND "${PROJECT_SOURCE_DIR}/")
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${patterns})
  set(sources "")
  foreach(header IN LISTS headers)
    cmake_path(RELATIVE_PATH header BASE_DIRECTORY "${PROJECT_SOURCE_DIR}" OUTPUT_VARIABLE name)
    set(source "${PROJECT_BINARY_DIR}/generated/headers/${name}.cpp")
    file(CONFIGURE OUTPUT "${source}" CONTENT "#include \"${header}\"\n" @ONLY)
    list(APPEND sources "${source}")
  endforeach()
  if(sources)
    add_library(st0ck_headers OBJECT EXCLUDE_FROM_ALL ${sources})
    target_link_libraries(st0ck_headers PRIVATE ${ST0CK_ALL_LIBRARIES})
    target_compile_options(st0ck_headers PRIVATE -O0 -g0 -U_FORTIFY_SOURCE)
  endif()
endfunction()

function(st0ck_add_install_rules)
  foreach(program IN LISTS ST0CK_PROGRAMS)
    if(program)
      install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    endif()
  endforeach()
  if(IS_DIRECTORY "${PROJECT_SOURCE_DIR}/config")
    install(DIRECTORY "${PROJECT_SOURCE_DIR}/config/" DESTINATION ${CMAKE_INSTALL_SYSCONFDIR}/st0ck
            FILES_MATCHING PATTERN "*.yaml")
  endif()
endfunction()
