# Third-party packages, as Debian ships them. ST0CK_BOOST_ROOT names an unpacked Boost where the
# system's own is too old (scripts/build takes care of it).

set(THREADS_PREFER_PTHREAD_FLAG OFF)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)
find_package(SQLite3 REQUIRED)
find_package(CURL REQUIRED)
find_package(simdjson REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(date REQUIRED)
find_package(tl-expected REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)

set(ST0CK_BOOST_ROOT "" CACHE PATH "Folder of an unpacked Boost (holds usr/include/boost)")
if(ST0CK_BOOST_ROOT)
  set(st0ck_boost_hint "${ST0CK_BOOST_ROOT}/usr/include")
  unset(ST0CK_BOOST_INCLUDE CACHE)
  find_path(ST0CK_BOOST_INCLUDE boost/version.hpp PATHS "${st0ck_boost_hint}" NO_DEFAULT_PATH
            REQUIRED)
else()
  find_path(ST0CK_BOOST_INCLUDE boost/version.hpp REQUIRED)
endif()
file(STRINGS "${ST0CK_BOOST_INCLUDE}/boost/version.hpp" st0ck_boost_line
     REGEX "#define BOOST_VERSION [0-9]+")
string(REGEX MATCH "[0-9]+" st0ck_boost_version "${st0ck_boost_line}")
if(st0ck_boost_version LESS 108100)
  message(FATAL_ERROR "Boost 1.81 or newer is needed, found ${st0ck_boost_version} in "
                      "${ST0CK_BOOST_INCLUDE}; scripts/build installs or unpacks one")
endif()
add_library(st0ck_boost INTERFACE)
add_library(st0ck::boost ALIAS st0ck_boost)
if(NOT ST0CK_BOOST_INCLUDE STREQUAL "/usr/include")
  target_include_directories(st0ck_boost SYSTEM INTERFACE "${ST0CK_BOOST_INCLUDE}")
endif()
target_compile_definitions(st0ck_boost INTERFACE
  BOOST_ALL_NO_LIB BOOST_ERROR_CODE_HEADER_ONLY BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(st0ck_boost INTERFACE Threads::Threads)

# yaml-cpp renamed its target in 0.8 (Debian 13).
add_library(st0ck_yaml INTERFACE)
add_library(st0ck::yaml ALIAS st0ck_yaml)
if(TARGET yaml-cpp::yaml-cpp)
  target_link_libraries(st0ck_yaml INTERFACE yaml-cpp::yaml-cpp)
else()
  target_link_libraries(st0ck_yaml INTERFACE yaml-cpp)
endif()

# Debian's rapidcheck has its GoogleTest header in the main include folder.
find_library(ST0CK_RAPIDCHECK rapidcheck REQUIRED)
add_library(st0ck_rapidcheck INTERFACE)
add_library(st0ck::rapidcheck ALIAS st0ck_rapidcheck)
target_link_libraries(st0ck_rapidcheck INTERFACE "${ST0CK_RAPIDCHECK}")
