import Platform

// The C library's functions in double precision, under names that say what they are. Results that
// must be the same on every machine do not go through them in single precision.

@inlinable func logarithm(_ x: Double) -> Double { log(x) }
@inlinable func exponential(_ x: Double) -> Double { exp(x) }
@inlinable func cosine(_ x: Double) -> Double { cos(x) }
