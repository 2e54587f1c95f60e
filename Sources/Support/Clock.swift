import Platform

/// Seconds since 1970 in UTC, as the machine has it. For what several processes compare.
public func wallClockSeconds() -> Double {
  seconds(of: CLOCK_REALTIME)
}

/// Seconds of a clock that only goes forward. For durations and progress; nothing that is computed
/// may depend on it.
public func monotonicSeconds() -> Double {
  seconds(of: CLOCK_MONOTONIC)
}

private func seconds(of clock: clockid_t) -> Double {
  var time = timespec()
  // The C library fills the `timespec` at the address.
  unsafe clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
