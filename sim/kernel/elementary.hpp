// Elementary functions that give the same bits everywhere. libm picks its variants by processor and
// their last bits differ, so whatever reaches a time, a size or a choice uses these: + - * / and
// square root (which IEEE 754 rounds correctly) and operations on bits, in a fixed order. They are
// always called by their full name, elementary::log, lest libm's be taken unseen. Errors are
// relative and measured in tests/sim/kernel/elementary_test.cpp.
#pragma once

namespace georep::elementary {

/// The natural logarithm, to 4e-16. Minus infinity at 0, NaN below.
double log(double x);

/// e to the power x, to 4e-16 where the result is a normal number; 0 or infinity beyond.
double exp(double x);

/// x to the power y for x > 0, as exp(y log x), to (1 + |y log x|) 4e-16.
double pow(double x, double y);

/// The x at which the standard normal distribution function is p, for 0 < p < 1, to 1e-15.
/// Source: Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied
/// Statistics 37 (1988), PPND16.
double normal_quantile(double p);

/// The standard normal distribution function, to 4e-16 absolute.
/// Source: Marsaglia, "Evaluating the normal distribution", Journal of Statistical Software 11
/// (2004), its Taylor method.
double normal_cdf(double x);

/// The density of the standard normal distribution.
double normal_density(double x);

/// The gamma function for x > 0, to 2e-14 up to 20 and 2e-13 up to 100. Source: Stirling's series, Abramowitz and Stegun 6.1.41.
double gamma(double x);

/// The cosine of so many full turns, cos(2 pi x), to 2e-16 absolute for |x| up to 2^50.
double cos_of_turns(double x);

}  // namespace georep::elementary
