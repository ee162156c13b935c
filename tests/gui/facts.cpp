#include "tests/gui/facts.hpp"

#include <iterator>
#include <stdexcept>

namespace attn::gui {

bool has_widget(const Facts& facts, const std::string& name) {
  return facts.at("widgets").contains(name);
}

Rect widget_in(const Facts& facts, const std::string& name) {
  if (!has_widget(facts, name)) throw std::runtime_error("the window shows no " + name);
  const Facts& place = facts.at("widgets").at(name);
  return {place.at(0), place.at(1), place.at(2), place.at(3)};
}

const std::vector<Facts>& EventLog::lines() {
  if (!stream_.is_open()) stream_.open(file_);
  stream_.clear();
  part_.append(std::istreambuf_iterator<char>(stream_), {});
  std::size_t start = 0;
  for (std::size_t end = part_.find('\n'); end != std::string::npos; end = part_.find('\n', start)) {
    lines_.push_back(Facts::parse(part_.substr(start, end - start)));
    start = end + 1;
  }
  part_.erase(0, start);
  return lines_;
}

}  // namespace attn::gui
