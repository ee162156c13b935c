#pragma once

#include <string>

#include <tl/expected.hpp>

namespace attn {

/// What kind of thing went wrong. Each code says when it occurs.
enum class ErrorCode {
  usage,        ///< the call itself is wrong: unknown option, missing argument
  not_found,    ///< no such file
  not_a_file,   ///< a folder, a FIFO, a device where a regular file is wanted
  io,           ///< the system refused a read or a write
  syntax,       ///< the text is not JSON
  encoding,     ///< the text is not valid UTF-8
  type,         ///< JSON, but the wrong kind of value in this place
  shape,        ///< an array whose shape does not fit the others
  value,        ///< a value outside its range
  duplicate,    ///< a key that stands twice in one object
  limit,        ///< a documented limit is exceeded
  setting,      ///< an unknown or impossible setting
  unsupported,  ///< part of the format that this version cannot compute
  cancelled,    ///< the caller asked to stop
  changed,      ///< a file is not what it was: a warning, since it was opened all the same
};

/// Why an input was refused, in the words a person needs: which file, where in it, what was expected there,
/// what was found, and what to do about it. Any part but `expected` may be empty.
struct Error {
  ErrorCode code = ErrorCode::value;
  std::string file;
  std::string place;  ///< `line:column (byte N)`, a JSON pointer, `header byte N`, or `tensor "name"`
  std::string expected;
  std::string found;
  std::string hint;
};

template <class T>
using Result = tl::expected<T, Error>;

/// `FILE: PLACE: expected X, found Y. Hint.` on one line; control characters are made visible.
[[nodiscard]] std::string describe(const Error& error);

/// The same error, said of `file` (kept if the error already names one).
[[nodiscard]] Error in_file(Error error, const std::string& file);

}  // namespace attn
