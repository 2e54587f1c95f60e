import Support

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
