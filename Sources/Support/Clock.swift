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

/// Seconds that the processors spent on this process so far, on all threads.
public func processorSeconds() -> Double { seconds(of: CLOCK_PROCESS_CPUTIME_ID) }

/// Seconds since 1970 as a date in UTC by ISO 8601: `2026-11-30T01:02:03Z`.
public func utcDate(_ seconds: Double) -> String {
  var time = time_t(seconds)
  var parts = unsafe tm()
  // The C library fills the `tm` at the address.
  unsafe gmtime_r(&time, &parts)
  func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
  let (year, month, day) = unsafe (parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday)
  let (hour, minute, second) = unsafe (parts.tm_hour, parts.tm_min, parts.tm_sec)
  return "\(year)-\(two(month))-\(two(day))T\(two(hour)):\(two(minute)):\(two(second))Z"
}
