import Platform

/// `x` with a fixed number of decimals, as C's `%.*f` writes it, in every locale.
public func fixed(_ x: Double, _ digits: Int) -> String {
  // C writes the sign bit of a NaN too.
  if x.isNaN { return "nan" }
  return formatted(x, digits)
}

private func formatted(_ x: Double, _ digits: Int) -> String {
  var buffer = [CChar](repeating: 0, count: 400)
  // The C library writes within the count that it is given; the format names what is in the list.
  let count = unsafe withVaList([Int32(digits), x]) {
    unsafe vsnprintf(&buffer, 400, "%.*f", $0)
  }
  return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// The same, or `not defined` for what is no number.
public func fixedIfDefined(_ x: Double, _ digits: Int) -> String {
  x.isNaN ? "not defined" : fixed(x, digits)
}

/// `12,345,678`: groups of three digits.
public func grouped(_ n: Int) -> String {
  let digits = String(n.magnitude)
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return n < 0 ? "-" + text : text
}

/// `1 image`, `12,345 images`: so many of what has a plural in "s".
public func counted(_ n: Int, _ noun: String) -> String {
  "\(grouped(n)) \(noun)\(n == 1 ? "" : "s")"
}

/// `0.31 %`, `97.5 %`, `100 %`: a share of one as a percentage.
public func percent(_ share: Double, _ digits: Int = 2) -> String {
  fixed(share * 100, digits) + " %"
}

/// `512 B`, `94.3 KiB`, `1.6 MiB`: so many bytes as a person reads them.
public func byteCount(_ count: Int) -> String {
  if count < 1024 { return "\(count) B" }
  let units = ["KiB", "MiB", "GiB", "TiB"]
  var (value, unit) = (Double(count) / 1024, 0)
  // What would round to 1024.0 belongs to the next unit.
  while value >= 1023.95, unit + 1 < units.count {
    value /= 1024
    unit += 1
  }
  return "\(fixed(value, 1)) \(units[unit])"
}

/// `4.2 s`, `3 min 05 s`, `2 h 14 min`: a duration in seconds as a person says it.
public func duration(_ seconds: Double) -> String {
  guard let whole = Int(exactly: seconds.rounded()) else { return "?" }
  if seconds < 10 { return fixed(seconds, 1) + " s" }
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
  return "\(whole / 3600) h \(twoDigits(whole / 60 % 60)) min"
}

private func twoDigits(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }

extension String {
  /// Padded with spaces at the left to `width` characters.
  public func padded(left width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }

  /// Padded with spaces at the right to `width` characters.
  public func padded(right width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
