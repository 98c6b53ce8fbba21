# SPDX-License-Identifier: Apache-2.0
# How all C of the project is compiled, and the two functions that declare tests.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(WERROR "treat warnings as errors (tests/run and CI)" OFF)
option(SANITIZE "AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(TSAN "ThreadSanitizer; not together with SANITIZE" OFF)
option(FUZZ "build the fuzz targets with libFuzzer (clang)" OFF)

add_compile_definitions(_GNU_SOURCE)
add_compile_options(
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
  -Wswitch-enum -Wvla -Wformat=2 -Wundef
  # Models must give the same bits on amd64 and arm64: no fused multiply-add.
  -ffp-contract=off)
if(WERROR)
  add_compile_options(-Werror)
endif()
if(SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(TSAN)
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
endif()
if(FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}") # asserts stay on
  string(REPLACE "-O3" "-O2" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
  add_link_options(-Wl,-z,relro,-z,now)
endif()

include(CheckPIESupported)
check_pie_supported() # so that programs are linked as position independent too, and no library is
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# unit_test(gs1 barcode ...): tests/unit/test_gs1.c against libraries, never against sources again.
function(unit_test name)
  add_executable(test_${name} ${PROJECT_SOURCE_DIR}/tests/unit/test_${name}.c)
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(test_${name} PRIVATE ${ARGN} cmocka)
  add_test(NAME unit/${name} COMMAND test_${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()

# contract_test(scale hal ...): tests/contract/contract_scale.c, one suite over every driver.
function(contract_test name)
  add_executable(contract_${name} ${PROJECT_SOURCE_DIR}/tests/contract/contract_${name}.c)
  target_include_directories(contract_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(contract_${name} PRIVATE ${ARGN} cmocka)
  add_test(NAME contract/${name} COMMAND contract_${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()

# beside_postgres(contract/sql contract_sql): a test's program beside a PostgreSQL server of its own.
function(beside_postgres test program)
  add_test(NAME ${test} COMMAND ${PROJECT_SOURCE_DIR}/tests/postgres
           ${CMAKE_CROSSCOMPILING_EMULATOR} $<TARGET_FILE:${program}>
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
endfunction()

# relay_test(contract/sql store ...): tests/contract/contract_sql.c, or relay_test(unit/event ...):
# tests/unit/test_event.c, which stands on tests/relay_case.h, beside a PostgreSQL server.
function(relay_test name)
  string(REPLACE "/" "_" program ${name})
  string(REPLACE "unit_" "test_" program ${program})
  get_filename_component(folder ${name} DIRECTORY)
  add_executable(${program} ${PROJECT_SOURCE_DIR}/tests/${folder}/${program}.c)
  target_include_directories(${program} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${program} PRIVATE ${ARGN} cmocka)
  beside_postgres(${name} ${program})
endfunction()

# fuzz_target(gs1 barcode ...): with FUZZ a libFuzzer binary; without it a program that replays
# tests/fuzz/corpus/<name> as an ordinary test.
function(fuzz_target name)
  add_executable(fuzz_${name} ${PROJECT_SOURCE_DIR}/tests/fuzz/fuzz_${name}.c)
  target_link_libraries(fuzz_${name} PRIVATE ${ARGN})
  if(FUZZ)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/fuzz_main.c)
    add_test(NAME fuzz/${name}
             COMMAND fuzz_${name} ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  endif()
endfunction()
