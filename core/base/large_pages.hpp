#pragma once

#include <cstddef>

namespace attn {

/// Memory that is about to be filled from its beginning: asks the system for large pages where it is large,
/// since each small page costs a trip into the kernel when it is first touched. Only a wish; nothing depends
/// on it.
void prefer_large_pages(void* memory, std::size_t bytes);

}  // namespace attn
