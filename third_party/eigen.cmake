# Eigen: matrices, projections, the thread pool.
if(TARGET attn::eigen)
  return()
endif()
find_package(Eigen3 3.4 QUIET)
attn_require("${Eigen3_FOUND}" "Eigen ≥ 3.4" libeigen3-dev)
add_library(attn::eigen ALIAS Eigen3::Eigen)
