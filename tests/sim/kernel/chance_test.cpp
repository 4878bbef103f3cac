#include "sim/kernel/chance.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/kernel/trace_hash.hpp"

using namespace georep;

namespace {

Draw draw_number(std::uint64_t index) {
  return Chance{17, 3}.draw(name_hash("westeurope"), Purpose::test, index);
}

Distribution make(Distribution::Law law, double a, double b = 0) {
  Distribution result;
  result.law = law;
  result.a = a;
  result.b = b;
  return result;
}

using Law = Distribution::Law;

/// What a law promises, written down independently of how it is sampled.
struct Promise {
  Distribution law;
  double (*cdf)(double x);
  double mean;
};

double normal_cdf(double x) {
  return std::erfc(-x / std::sqrt(2.0)) / 2;
}

const std::vector<Promise>& promises() {
  static const double z99 = 2.3263478740408408;
  static const std::vector<Promise> all = {
      {make(Law::exponential, 2e7), [](double x) { return 1 - std::exp(-x / 2e7); }, 2e7},
      {make(Law::uniform, 1e9, 3e9), [](double x) { return std::clamp((x - 1e9) / 2e9, 0.0, 1.0); },
       2e9},
      {make(Law::normal, 5e6, 4e5), [](double x) { return normal_cdf((x - 5e6) / 4e5); }, 5e6},
      // Cut at one deviation below the mean: 5e6 + 5e6 φ(1) / Φ(1).
      {make(Law::normal, 5e6, 5e6),
       [](double x) { return (normal_cdf((x - 5e6) / 5e6) - normal_cdf(-1)) / normal_cdf(1); },
       5e6 + 5e6 * (std::exp(-0.5) / std::sqrt(2 * std::acos(-1.0))) / normal_cdf(1)},
      {make(Law::lognormal, 5e6, 5e8),
       [](double x) { return normal_cdf(std::log(x / 5e6) / (std::log(100.0) / z99)); },
       5e6 * std::exp(std::pow(std::log(100.0) / z99, 2) / 2)},
      {make(Law::pareto, 1e6, 3.2),
       [](double x) { return x < 1e6 ? 0 : 1 - std::pow(1e6 / x, 3.2); }, 1e6 * 3.2 / 2.2},
      {make(Law::weibull, 2e9, 0.7), [](double x) { return 1 - std::exp(-std::pow(x / 2e9, 0.7)); },
       2e9 * std::tgamma(1 + 1 / 0.7)},
  };
  return all;
}

}  // namespace

TEST_CASE("the generator gives the published vectors of Philox4x64-10") {
  // Random123 1.14, tests/kat_vectors: counter, key, result.
  using Block = std::array<std::uint64_t, 4>;
  const std::uint64_t ones = ~std::uint64_t{0};
  CHECK(philox_block({0, 0, 0, 0}, {0, 0}) == Block{0x16554d9eca36314cULL, 0xdb20fe9d672d0fdcULL,
                                                    0xd7e772cee186176bULL, 0x7e68b68aec7ba23bULL});
  CHECK(philox_block({ones, ones, ones, ones}, {ones, ones}) ==
        Block{0x87b092c3013fe90bULL, 0x438c3c67be8d0224ULL, 0x9cc7d7c69cd777b6ULL,
              0xa09caebf594f0ba0ULL});
  CHECK(philox_block({0x243f6a8885a308d3ULL, 0x13198a2e03707344ULL, 0xa4093822299f31d0ULL,
                      0x082efa98ec4e6c89ULL},
                     {0x452821e638d01377ULL, 0xbe5466cf34e90c6cULL}) ==
        Block{0xa528f45403e61d95ULL, 0x38c72dbd566e9788ULL, 0xa5a1610e72fd18b5ULL,
              0x57bd43b5e52b7fe6ULL});
}

TEST_CASE(
    "a draw is the block whose counter is (entity, index, purpose, block) under the key (seed, "
    "run)") {
  Draw draw = Chance{11, 12}.draw(13, Purpose{14}, 15);
  for (std::uint64_t block = 0; block < 3; ++block)
    for (const std::uint64_t word : philox_block({13, 15, 14, block}, {11, 12}))
      CHECK(draw.next_u64() == word);
}

TEST_CASE("a draw depends on its key alone, never on what was drawn before") {
  std::vector<std::uint64_t> forwards;
  for (std::uint64_t i = 0; i < 100; ++i) forwards.push_back(draw_number(i).next_u64());
  std::vector<std::uint64_t> backwards;
  for (std::uint64_t i = 100; i-- > 0;) {
    Draw other = Chance{17, 3}.draw(name_hash("eastus"), Purpose::test, i);
    other.next_u64();
    backwards.push_back(draw_number(i).next_u64());
  }
  std::reverse(backwards.begin(), backwards.end());
  CHECK(forwards == backwards);
}

TEST_CASE("every part of the key makes another stream") {
  const std::uint64_t entity = name_hash("a");
  std::vector<std::uint64_t> first_words;
  for (std::uint64_t seed : {1, 2})
    for (std::uint64_t run : {0, 1})
      for (std::uint64_t who : {entity, entity + 1})
        for (Purpose purpose : {Purpose::latency, Purpose::loss})
          for (std::uint64_t index = 0; index < 50; ++index) {
            Draw draw = Chance{seed, run}.draw(who, purpose, index);
            for (int word = 0; word < 9; ++word) first_words.push_back(draw.next_u64());
          }
  const std::size_t count = first_words.size();
  std::sort(first_words.begin(), first_words.end());
  first_words.erase(std::unique(first_words.begin(), first_words.end()), first_words.end());
  CHECK(first_words.size() == count);
}

TEST_CASE("a skipped word leaves the following ones in their place") {
  Draw all = draw_number(5);
  Draw some = draw_number(5);
  for (int word = 0; word < 20; ++word) {
    const std::uint64_t expected = all.next_u64();
    if (word % 3 == 0) {
      some.skip();
    } else {
      CHECK(some.next_u64() == expected);
    }
  }
}

TEST_CASE("the hash of a name is the published FNV-1a") {
  CHECK(name_hash("") == 0xcbf29ce484222325ULL);
  CHECK(name_hash("a") == 0xaf63dc4c8601ec8cULL);
  CHECK(name_hash("foobar") == 0x85944171f73967e8ULL);
  CHECK(name_hash("\xff") != name_hash("\x7f"));
}

TEST_CASE("a uniform number lies strictly between 0 and 1, and so does its complement") {
  double sum = 0;
  double squares = 0;
  for (std::uint64_t i = 0; i < 20000; ++i) {
    Draw draw = draw_number(i);
    const double u = draw.uniform();
    REQUIRE(u > 0);
    REQUIRE(u < 1);
    REQUIRE(1 - (1 - u) == u);
    sum += u;
    squares += u * u;
  }
  CHECK(std::abs(sum / 20000 - 0.5) < 4 * std::sqrt(1.0 / 12 / 20000));
  CHECK(std::abs(squares / 20000 - 1.0 / 3) < 4 * std::sqrt(4.0 / 45 / 20000));
}

TEST_CASE("what is certain happens and what is impossible does not") {
  int heads = 0;
  for (std::uint64_t i = 0; i < 20000; ++i) {
    Draw draw = draw_number(i);
    CHECK(draw.bernoulli(1));
    CHECK_FALSE(draw.bernoulli(0));
    heads += draw.bernoulli(0.3) ? 1 : 0;
  }
  CHECK(std::abs(heads - 6000) < 4 * std::sqrt(20000 * 0.21));
}

TEST_CASE("a whole number below n is as likely as any other, also where n does not divide 2^64") {
  std::array<int, 7> count{};
  for (std::uint64_t i = 0; i < 21000; ++i) {
    Draw draw = draw_number(i);
    ++count.at(draw.uniform_below(7));
    REQUIRE(draw.uniform_below(1) == 0);
  }
  double chi_squared = 0;
  for (const int observed : count) chi_squared += (observed - 3000.0) * (observed - 3000.0) / 3000;
  CHECK(chi_squared < 22.5);  // 0.999 quantile with 6 degrees of freedom

  // With n = 3 * 2^62 a quarter of the words is rejected. Without that, the residues of 3 would be
  // drawn 2 : 1 : 1.
  std::array<int, 3> thirds{};
  for (std::uint64_t i = 0; i < 9000; ++i) {
    Draw draw = draw_number(i);
    const std::uint64_t value = draw.uniform_below(std::uint64_t{3} << 62);
    ++thirds.at(value % 3);
  }
  for (const int observed : thirds) CHECK(std::abs(observed - 3000) < 4 * std::sqrt(2000.0));
}

TEST_CASE("a quantile inverts its law's distribution function and does not decrease") {
  for (const Promise& promise : promises()) {
    CAPTURE(static_cast<int>(promise.law.law));
    std::int64_t before = 0;
    for (int i = 1; i < 2000; ++i) {
      const double u = i / 2000.0;
      const std::int64_t value = quantile(promise.law, u);
      CHECK(value >= before);
      before = value;
      // Rounded up: the value covers u, and the one before it does not. The law is known here to
      // 1e-12.
      CHECK(promise.cdf(static_cast<double>(value)) > u - 1e-12);
      CHECK(promise.cdf(static_cast<double>(value - 1)) < u + 1e-12);
    }
  }
}

TEST_CASE("samples have the mean and the distribution of their law") {
  constexpr std::uint64_t count = 20000;
  for (const Promise& promise : promises()) {
    CAPTURE(static_cast<int>(promise.law.law));
    CHECK(mean(promise.law) == doctest::Approx(promise.mean).epsilon(1e-13));
    std::vector<double> samples;
    double sum = 0;
    double squares = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      Draw draw = draw_number(i);
      const auto value = static_cast<double>(sample(promise.law, draw));
      samples.push_back(value);
      sum += value;
      squares += value * value;
    }
    const double average = sum / count;
    const double deviation = std::sqrt(squares / count - average * average);
    CHECK(std::abs(average - promise.mean) < 4 * deviation / std::sqrt(count) + 1);
    std::sort(samples.begin(), samples.end());
    double distance = 0;  // Kolmogorov and Smirnov's
    for (std::size_t i = 0; i < samples.size(); ++i)
      distance = std::max(distance, std::abs(promise.cdf(samples[i]) - (i + 0.5) / count));
    CHECK(distance < 1.95 / std::sqrt(count));  // 0.999 quantile
  }
}

TEST_CASE("the median and the 99th percentile of a lognormal law are those it was given") {
  const Distribution law = make(Law::lognormal, 3e6, 4e8);
  CHECK(std::abs(quantile(law, 0.5) - 3'000'000) <= 1);
  CHECK(std::abs(quantile(law, 0.99) - 400'000'000) <= 1);
  CHECK(quantile(make(Law::lognormal, 7, 7), 0.999) == 7);
}

TEST_CASE("a constant takes its place in the stream, so that another law changes no other draw") {
  Draw with_constant = draw_number(1);
  Draw with_law = draw_number(1);
  CHECK(sample(Distribution::always(42), with_constant) == 42);
  sample(make(Law::exponential, 10), with_law);
  CHECK(with_constant.next_u64() == with_law.next_u64());
}

TEST_CASE("an empirical law yields its samples, each equally often") {
  Distribution law;
  law.law = Law::empirical;
  law.samples =
      std::make_shared<const std::vector<std::int64_t>>(std::vector<std::int64_t>{3, 5, 9, 70});
  CHECK(mean(law) == 21.75);
  CHECK(quantile(law, 0x1p-53) == 3);
  CHECK(quantile(law, 0.25) == 5);
  CHECK(quantile(law, 0.2499) == 3);
  CHECK(quantile(law, 1 - 0x1p-53) == 70);
}

TEST_CASE("a constant and a uniform law may be negative, and are rounded up all the same") {
  CHECK(quantile(make(Law::uniform, -5e9, 5e9), 0.25) == -2'500'000'000);
  CHECK(quantile(make(Law::uniform, -3, 0), 0.5) == -1);
  Draw draw = Chance{1, 0}.draw(1, Purpose::clock_skew, 0);
  CHECK(sample(Distribution::always(-5'000'000'000), draw) == -5'000'000'000);
}

TEST_CASE("no law of what lasts or weighs yields less than 0 or more than a clock can add") {
  CHECK(quantile(make(Law::pareto, 1e9, 0.01), 0.9) == greatest_sample);
  CHECK(quantile(make(Law::weibull, 1e9, 0.001), 0.999999) == greatest_sample);
  CHECK(quantile(make(Law::normal, 0, 1e3), 0x1p-53) <= 1);
  CHECK(quantile(make(Law::normal, 100, 0), 0.2) == 100);
  CHECK(quantile(make(Law::exponential, 0), 0.5) == 0);
  CHECK(quantile(make(Law::exponential, 1e-3), 0.5) == 1);  // any part of a unit rounds up
  CHECK(mean(make(Law::pareto, 1, 1)) == std::numeric_limits<double>::infinity());
}

TEST_CASE("an exponential draw is the quantile of the stream's next number") {
  Draw one = draw_number(9);
  Draw other = one;
  CHECK(one.exponential(2.5) ==
        doctest::Approx(-2.5 * std::log1p(-other.uniform())).epsilon(1e-15));
}

TEST_CASE("every compiler and processor draws the same samples") {
  // Computed once with gcc 12 at -O2.
  TraceHash samples;
  for (const Promise& promise : promises())
    for (std::uint64_t i = 0; i < 500; ++i) {
      Draw draw = draw_number(i);
      samples.fold(static_cast<std::uint64_t>(sample(promise.law, draw)));
    }
  CHECK(samples.value() == 12527130883034635379ULL);
}
