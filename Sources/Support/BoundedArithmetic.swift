// Sums and products of sizes that a file or an option decides: they stop at a number that is beyond
// every machine, so that no size traps before it can be refused.

/// Beyond every size; a few of these may be added or multiplied by small numbers.
public let beyondEverySize = 1 << 53

/// The product of counts, at most ``beyondEverySize``.
public func boundedProduct(_ factors: Int...) -> Int { boundedProduct(factors) }

/// The product of counts, at most ``beyondEverySize``.
public func boundedProduct(_ factors: [Int]) -> Int {
  if factors.contains(0) { return 0 }
  return factors.reduce(1) { product, factor in
    let (result, overflow) = product.multipliedReportingOverflow(by: factor)
    return overflow ? beyondEverySize : min(result, beyondEverySize)
  }
}

/// The sum of counts, at most ``beyondEverySize``.
public func boundedSum(_ terms: some Sequence<Int>) -> Int {
  terms.reduce(0) { min($0 + min($1, beyondEverySize), beyondEverySize) }
}
