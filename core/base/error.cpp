#include "core/base/error.hpp"

#include "core/base/text.hpp"

namespace attn {

std::string describe(const Error& error) {
  std::string line;
  for (const std::string* part : {&error.file, &error.place}) {
    if (!part->empty()) line += visible(*part) + ": ";
  }
  line += "expected " + visible(error.expected);
  if (!error.found.empty()) line += ", found " + visible(error.found);
  line += '.';
  if (!error.hint.empty()) line += ' ' + visible(error.hint);
  return line;
}

Error in_file(Error error, const std::string& file) {
  if (error.file.empty()) error.file = file;
  return error;
}

}  // namespace attn
