#pragma once

#include <cstddef>
#include <functional>

namespace attn {

/// Calls work(i) once for each i in [0, count), on up to `threads` threads (the caller's among them), and
/// returns when all are done. Which thread takes which i is not fixed, so work(i) may write only to places
/// that belong to i: results are then the same for any number of threads. An exception of work ends
/// the rest, and is thrown again here: memory that ran out, above all.
void parallel_for(std::size_t count, std::size_t threads, const std::function<void(std::size_t)>& work);

/// The machine's cores, at least 1.
[[nodiscard]] std::size_t default_threads();

}  // namespace attn
