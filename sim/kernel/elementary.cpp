#include "sim/kernel/elementary.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "sim/kernel/assert.hpp"

namespace georep::elementary {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// ln 2 in two parts. The first has 42 bits, so that its product with any binary exponent is exact.
constexpr double ln2_high = 0x1.62e42fefa3800p-1;
constexpr double ln2_low = 0x1.ef35793c76730p-45;

// Adding and subtracting this rounds a number below 2^51 to a whole one.
constexpr double rounder = 0x1.8p52;

/// x times 2^k, for k that leaves a number, 0 or infinity; in two steps, since 2^k alone may be
/// none.
double scaled(double x, std::int64_t k) {
  const std::int64_t half = k >> 1;
  const auto power = [](std::int64_t e) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(e + 1023) << 52);
  };
  return x * power(half) * power(k - half);
}

/// c0 + x (c1 + x (c2 + …)), in this order.
template <class... Coefficients>
double polynomial(double x, double c0, Coefficients... higher) {
  if constexpr (sizeof...(higher) == 0) {
    return c0;
  } else {
    return c0 + x * polynomial(x, higher...);
  }
}

}  // namespace

double log(double x) {
  if (!(x > 0)) return x == 0 ? -infinity : std::numeric_limits<double>::quiet_NaN();
  if (x == infinity) return x;
  std::int64_t exponent = 0;
  if (x < std::numeric_limits<double>::min()) {  // subnormal
    x *= 0x1p54;
    exponent = -54;
  }
  // x = 2^exponent m with m between the square roots of 1/2 and 2.
  constexpr auto root_half = std::bit_cast<std::int64_t>(0x1.6a09e667f3bcdp-1);
  const auto bits = std::bit_cast<std::int64_t>(x);
  const std::int64_t above = (bits - root_half) >> 52;
  exponent += above;
  const auto m = std::bit_cast<double>(bits - (above << 52));

  // log m = 2 artanh s with s = (m - 1) / (m + 1), |s| < 0.172: the series in s^2, odd and even
  // terms apart, so that the processor has two chains to work on. The first term left out is below
  // 2e-18 of the sum.
  const double s = (m - 1) / (m + 1);
  const double z = s * s;
  const double w = z * z;
  const double odd = z * polynomial(w, 2.0 / 3, 2.0 / 7, 2.0 / 11, 2.0 / 15, 2.0 / 19, 2.0 / 23);
  const double even = w * polynomial(w, 2.0 / 5, 2.0 / 9, 2.0 / 13, 2.0 / 17, 2.0 / 21);
  const auto k = static_cast<double>(exponent);
  return k * ln2_high + (2 * s + (s * (odd + even) + k * ln2_low));
}

double exp(double x) {
  if (!(x < 709.79)) return x != x ? x : infinity;
  if (x < -745.2) return 0;
  // x = k ln 2 + r with |r| < 0.347.
  constexpr double inverse_ln2 = 0x1.71547652b82fep+0;
  const double shifted = x * inverse_ln2 + rounder;
  const double k = shifted - rounder;
  const double r = (x - k * ln2_high) - k * ln2_low;

  // The Taylor series to the 13th power, odd and even terms apart; what is left out is below 5e-18.
  const double z = r * r;
  const double odd =
      polynomial(z, 1.0 / 6, 1.0 / 120, 1.0 / 5040, 1.0 / 362880, 1.0 / 39916800, 1.0 / 6227020800);
  const double even =
      polynomial(z, 1.0 / 2, 1.0 / 24, 1.0 / 720, 1.0 / 40320, 1.0 / 3628800, 1.0 / 479001600);
  const double result = 1 + (r + z * (even + r * odd));
  return scaled(result, static_cast<std::int64_t>(k));
}

double pow(double x, double y) {
  return exp(y * log(x));
}

double normal_density(double x) {
  constexpr double inverse_root_two_pi = 0x1.9884533d43651p-2;
  return inverse_root_two_pi * exp(-0.5 * (x * x));
}

double normal_quantile(double p) {
  GEOREP_ASSERT(p > 0 && p < 1, "a quantile is asked for a probability between 0 and 1");
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    const double r = 0.180625 - q * q;
    return q *
           polynomial(r, 3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427,
                      13731.693765509461125, 45921.953931549871457, 67265.770927008700853,
                      33430.575583588128105, 2509.0809287301226727) /
           polynomial(r, 1.0, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
                      21213.794301586595867, 39307.895800092710610, 28729.085735721942674,
                      5226.4952788528545610);
  }
  double r = std::sqrt(-log(q < 0 ? p : 1 - p));
  double x = 0;
  if (r <= 5) {
    r -= 1.6;
    x = polynomial(r, 1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550,
                   3.64784832476320460504, 1.27045825245236838258, 2.41780725177450611770e-1,
                   2.27238449892691845833e-2, 7.74545014278341407640e-4) /
        polynomial(r, 1.0, 2.05319162663775882187, 1.67638483018380384940,
                   6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2,
                   5.47593808499534494600e-4, 1.05075007164441684324e-9);
  } else {
    r -= 5;
    x = polynomial(r, 6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580,
                   2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                   2.71155556874348757815e-5, 2.01033439929228813265e-7) /
        polynomial(r, 1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1,
                   1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5,
                   1.42151175831644588870e-7, 2.04426310338993978564e-15);
  }
  return q < 0 ? -x : x;
}

double normal_cdf(double x) {
  // Mills' ratio R(x) = (1 - cdf(x)) / density(x) at x = 0, 1/2, 1, …, 9, computed with 40 digits
  // from its definition.
  static constexpr std::array<double, 19> mills = {
      1.2533141373155002512,  0.87636445645369234673, 0.65567954241879847154,
      0.51581563821796335503, 0.42136922928805447322, 0.35426511132979366678,
      0.30459029871010329573, 0.26656776896822375715, 0.23665238291356067062,
      0.21257058044203179023, 0.19280810471531576488, 0.17632298575710270488,
      0.16237766089686746182, 0.15043698873626908428, 0.1401041834530502416,
      0.13107935580449176349, 0.12313196325793229628, 0.11608206338598229034,
      0.10978728257830829123};
  const double distance = x < 0 ? -x : x;
  if (!(distance < 9)) return x != x ? x : (x < 0 ? 0.0 : 1.0);
  // Taylor around the nearest of them: R' = x R - 1, and from there c(n + 1) = (x c(n) + c(n - 1))
  // / (n + 1).
  const double nearest = (2 * distance + rounder) - rounder;
  const double x0 = nearest / 2;
  const double h = distance - x0;
  double before = mills[static_cast<std::size_t>(nearest)];
  double term = x0 * before - 1;
  double power = h;
  double ratio = before + term * power;
  for (int n = 1; n < 14; ++n) {
    const double next = (x0 * term + before) / (n + 1);
    before = term;
    term = next;
    power *= h;
    ratio += term * power;
  }
  const double tail = ratio * normal_density(distance);
  return x < 0 ? tail : 1 - tail;
}

double gamma(double x) {
  GEOREP_ASSERT(x > 0, "the gamma function is asked for a positive number");
  // Stirling's series is good from 20 on; below, gamma(x) = gamma(x + 1) / x.
  double product = 1;
  for (; x < 20; x += 1) product *= x;
  constexpr double half_log_two_pi = 0x1.d67f1c864beb5p-1;
  const double z = 1 / (x * x);
  const double series =
      polynomial(z, 1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188) / x;
  return exp((x - 0.5) * log(x) - x + half_log_two_pi + series) / product;
}

double cos_of_turns(double x) {
  // Into half a turn, where the cosine falls, and then into an eighth, where its series or the sine's ends soon.
  double turn = x < 0 ? -x : x;
  turn -= static_cast<double>(static_cast<std::int64_t>(turn));
  if (turn > 0.5) turn = 1 - turn;
  const double sign = turn > 0.25 ? -1.0 : 1.0;
  if (turn > 0.25) turn = 0.5 - turn;
  constexpr double two_pi = 0x1.921fb54442d18p2;
  if (turn > 0.125) {
    const double angle = two_pi * (0.25 - turn);
    const double z = angle * angle;
    return sign * angle *
           polynomial(z, 1.0, -1.0 / 6, 1.0 / 120, -1.0 / 5040, 1.0 / 362880, -1.0 / 39916800,
                      1.0 / 6227020800.0, -1.0 / 1307674368000.0);
  }
  const double angle = two_pi * turn;
  const double z = angle * angle;
  return sign * polynomial(z, 1.0, -1.0 / 2, 1.0 / 24, -1.0 / 720, 1.0 / 40320, -1.0 / 3628800,
                           1.0 / 479001600.0, -1.0 / 87178291200.0, 1.0 / 20922789888000.0);
}

}  // namespace georep::elementary
