# GoogleTest, with its main().
if(TARGET attn::gtest)
  return()
endif()
find_package(GTest 1.12 QUIET)
attn_require("${GTest_FOUND}" "GoogleTest ≥ 1.12" libgtest-dev)
add_library(attn::gtest ALIAS GTest::gtest_main)
