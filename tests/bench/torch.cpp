#include "tests/bench/torch.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/files.hpp"
#include "tests/bench/ours.hpp"

namespace attn::bench {
namespace {

constexpr const char* kPython = "/usr/bin/python3";
constexpr const char* kOpenMpBlas = "/usr/lib/x86_64-linux-gnu/openblas-openmp";

// OpenBLAS picks its kernels by the processor's model number, and takes old ones for a model that it does not
// know; it can be told. Nothing where the machine cannot run the kernels.
std::vector<std::string> core_types() {
  const std::string isa = our_instruction_set();
  if (isa == "avx3") return {"", "SkylakeX", "Cooperlake", "SapphireRapids"};
  if (isa == "avx2") return {"", "Haswell"};
  return {""};
}

// A quick look tries the two likeliest.
std::vector<Torch::Setting> settings_to_try(const Options& options) {
  std::vector<Torch::Setting> settings;
  std::vector<std::string> folders{""};
  if (!options.quick && std::filesystem::exists(kOpenMpBlas)) folders.emplace_back(kOpenMpBlas);
  for (const std::string& folder : folders) {
    for (const std::string& core : core_types()) settings.push_back({folder, core, options.threads});
  }
  constexpr std::size_t kQuick = 2;
  if (options.quick && settings.size() > kQuick) settings.resize(kQuick);
  return settings;
}

}  // namespace

Torch::Torch(const std::filesystem::path& script, std::filesystem::path folder, Setting setting)
    : folder_(std::move(folder)), setting_(std::move(setting)) {
  int input[2], output[2];
  if (::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(output, O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe to torch");
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(input[0], STDIN_FILENO);
    ::dup2(output[1], STDOUT_FILENO);
    ::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO);
    ::unsetenv("OMP_NUM_THREADS");
    if (!setting_.blas_folder.empty()) ::setenv("LD_LIBRARY_PATH", setting_.blas_folder.c_str(), 1);
    if (!setting_.core_type.empty()) ::setenv("OPENBLAS_CORETYPE", setting_.core_type.c_str(), 1);
    ::execl(kPython, kPython, script.c_str(), std::to_string(setting_.threads).c_str(), nullptr);
    ::_exit(127);
  }
  ::close(input[0]);
  ::close(output[1]);
  to_ = input[1];
  from_ = output[0];
  const auto hello = read_line();
  const auto said = nlohmann::json::parse(hello.value_or("{}"), nullptr, false);
  version_ = said.is_object() ? said.value("version", "") : "";
  ::kill(process_, SIGSTOP);
}

Torch::~Torch() {
  ::close(to_);
  ::close(from_);
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

std::unique_ptr<Torch> Torch::start_fastest(const Options& options, const std::filesystem::path& folder) {
  const std::filesystem::path script = options.peers / "torch_peer.py";
  const Problem small = dot_problem(12, 512, 64, false);
  std::unique_ptr<Torch> fastest;
  double least = HUGE_VAL;
  for (const Setting& setting : settings_to_try(options)) {
    std::unique_ptr<Torch> torch(new Torch(script, folder, setting));
    double seconds = HUGE_VAL;
    for (const Contestant& way : torch->weights(small)) seconds = std::min(seconds, trial(way));
    if (seconds >= least) continue;
    least = seconds;
    fastest = std::move(torch);
  }
  return fastest;
}

std::string Torch::name() const {
  return fmt::format("torch {}, {}{}, {} threads", version_,
                     setting_.blas_folder.empty() ? "the system's BLAS" : "OpenBLAS with OpenMP",
                     setting_.core_type.empty() ? "" : " for " + setting_.core_type, setting_.threads);
}

std::optional<std::string> Torch::read_line() {
  while (true) {
    if (const auto end = unread_.find('\n'); end != std::string::npos) {
      std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      return line;
    }
    char buffer[4096];
    const ssize_t got = ::read(from_, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    unread_.append(buffer, static_cast<std::size_t>(got));
  }
}

std::optional<nlohmann::json> Torch::ask(const nlohmann::json& command) {
  const std::string line = command.dump() + "\n";
  ::kill(process_, SIGCONT);
  if (::write(to_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return std::nullopt;
  auto answer = read_line();
  ::kill(process_, SIGSTOP);
  if (!answer) return std::nullopt;
  auto json = nlohmann::json::parse(*answer, nullptr, false);
  return json.is_object() ? std::optional(std::move(json)) : std::nullopt;
}

nlohmann::json Torch::files_of(const Problem& problem) {
  nlohmann::json command{{"do", "problem"},          {"kind", problem.hidden > 0 ? "additive" : "weights"},
                         {"heads", problem.heads},   {"n", problem.n},
                         {"d", problem.d},           {"causal", problem.causal},
                         {"scale", problem.scale()}, {"hidden", problem.hidden}};
  const std::pair<const char*, const std::vector<float>&> tensors[] = {
      {"q", problem.q}, {"k", problem.k}, {"W_1", problem.W_1}, {"W_2", problem.W_2}, {"v", problem.v}};
  for (const auto& [key, values] : tensors) {
    const auto file = folder_ / fmt::format("torch_{}.f32", key);
    write_floats(file, values);
    command[key] = file.string();
  }
  return command;
}

std::vector<Contestant> Torch::ways(const nlohmann::json& problem, const std::vector<double>& temperatures) {
  const auto answer = ask(problem);
  if (!answer || !answer->contains("idioms")) return {};
  std::vector<Contestant> contestants;
  for (std::size_t idiom = 0; idiom < answer->at("idioms").size(); ++idiom) {
    auto run = [this, idiom, temperatures, turn = std::size_t{0}]() mutable {
      const double temperature = temperatures[turn++ % temperatures.size()];
      const auto done = ask({{"do", "run"}, {"idiom", idiom}, {"temperature", temperature}});
      if (!done) throw std::runtime_error("torch has gone");
      return done->at("seconds").get<double>();
    };
    auto output = [this, idiom] {
      const auto file = folder_ / "torch_result.f32";
      const auto saved = ask({{"do", "save"}, {"idiom", idiom}, {"file", file.string()}});
      return saved ? read_floats(file) : std::vector<float>();
    };
    contestants.push_back(
        {"torch: " + answer->at("idioms")[idiom].get<std::string>(), std::move(run), std::move(output)});
  }
  return contestants;
}

std::vector<Contestant> Torch::weights(const Problem& problem) {
  return ways(files_of(problem), {1.0});
}

std::vector<Contestant> Torch::drag(const Problem& problem, int head, std::vector<double> temperatures) {
  nlohmann::json command = files_of(problem);
  command["kind"] = "drag";
  command["head"] = head;
  return ways(command, temperatures);
}

}  // namespace attn::bench
