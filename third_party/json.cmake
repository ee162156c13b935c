# nlohmann/json: settings, sessions, metadata.
if(TARGET attn::json)
  return()
endif()
find_package(nlohmann_json 3.11 QUIET)
attn_require("${nlohmann_json_FOUND}" "nlohmann/json ≥ 3.11" nlohmann-json3-dev)
add_library(attn::json ALIAS nlohmann_json::nlohmann_json)
