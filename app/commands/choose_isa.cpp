#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "core/base/text.hpp"
#include "core/kernels/isa.hpp"

namespace attn::app {

Result<void> choose_isa(const char* name) {
  if (name == nullptr || *name == '\0') return {};
  std::vector<std::string> names;
  for (const kernels::Isa isa : kernels::isas()) {
    if (kernels::machine_has(isa)) names.emplace_back(kernels::name(isa));
  }
  const auto isa = kernels::isa_named(name);
  if (!isa || !kernels::machine_has(*isa)) {
    return tl::unexpected(Error{ErrorCode::usage,
                                {},
                                "ATTNSCOPE_ISA",
                                join_or(names),
                                fmt::format("\"{}\"", name),
                                isa ? "This machine does not have it." : ""});
  }
  kernels::select(*isa);
  return {};
}

}  // namespace attn::app
