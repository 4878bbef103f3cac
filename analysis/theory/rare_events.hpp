// Probabilities too small to be met by simulating and counting, known exactly.
#pragma once

#include <cstdint>

namespace georep::theory {

/// M/M/1 with one customer present: the probability that `level` customers are present before
/// none is. The gambler's ruin. Source: Asmussen & Glynn, Stochastic Simulation, ch. VI.
double overflow_probability(double arrival_rate, double service_rate, std::int64_t level);

/// Two exponential queues in series, one customer in the first: the probability that `level` are
/// present in both together before none is, by a linear system over all smaller populations.
/// Source: Parekh & Walrand 1989; Glasserman, Heidelberger, Shahabuddin & Zajic 1999.
double tandem_overflow_probability(double arrival_rate, double first_rate, double second_rate,
                                   std::int64_t level);

}  // namespace georep::theory
