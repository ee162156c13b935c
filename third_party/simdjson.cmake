# simdjson: bulk reading of documents.
if(TARGET attn::simdjson)
  return()
endif()
find_package(simdjson 3 QUIET)
attn_require("${simdjson_FOUND}" "simdjson ≥ 3" libsimdjson-dev)
add_library(attn::simdjson ALIAS simdjson::simdjson)
