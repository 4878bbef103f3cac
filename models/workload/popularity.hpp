// Which of many things is asked for, when the k-th most popular is asked for in proportion to k to the power -exponent (Zipf's law).
#pragma once

#include <cstddef>
#include <vector>

namespace georep {

class Popularity {
 public:
  /// `count` > 0 things; exponent 0: all alike.
  Popularity(std::size_t count, double exponent);

  std::size_t count() const { return cumulative_.size(); }
  /// The share of what is asked for that goes to the thing of that rank, from 0.
  double share(std::size_t rank) const;
  /// The rank, from 0, below which a share `u` of what is asked for lies, for 0 < u < 1.
  std::size_t rank(double u) const;

 private:
  std::vector<double> cumulative_;
};

}  // namespace georep
