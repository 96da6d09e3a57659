import Foundation

/// The limits that control groups set to this process, of version 2 or 1: the tightest of its group and those above.
///
/// https://docs.kernel.org/admin-guide/cgroup-v2.html, https://docs.kernel.org/admin-guide/cgroup-v1/. In a container the
/// group's path may not be there; then the root's files are the container's own.
struct ControlGroups {
  struct Memory: Equatable {
    var limit: Int
    /// What is left of it; pages of files that can be dropped count as left.
    var free: Int
  }

  let read: (String) -> String?

  /// Processors' worth of time; nil where nothing limits it.
  var processors: Double? {
    let quotas = folders(of: "").compactMap { folder -> Double? in
      let fields = (read("\(folder)/cpu.max") ?? "").split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
      return fields.count == 2 && fields[1] > 0 ? fields[0] / fields[1] : nil
    }
    let older = folders(of: "cpu").compactMap { folder -> Double? in
      guard let quota = number("\(folder)/cpu.cfs_quota_us"), let period = number("\(folder)/cpu.cfs_period_us"),
        quota > 0, period > 0
      else { return nil }
      return Double(quota) / Double(period)
    }
    return (quotas + older).min()
  }

  /// The limit of which the least is left; nil where nothing limits it.
  var memory: Memory? { memories.min { $0.free < $1.free } }

  /// The tightest limit, whatever is left of it.
  var memoryLimit: Int? { memories.map(\.limit).min() }

  private var memories: [Memory] {
    let newer = folders(of: "").compactMap { memory($0, "memory.max", "memory.current", "inactive_file") }
    let older = folders(of: "memory").compactMap {
      memory($0, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
    }
    return newer + older
  }

  private func memory(_ folder: String, _ limit: String, _ usage: String, _ inactive: String) -> Memory? {
    // Version 1 writes the largest number of pages where there is no limit.
    guard let limit = number("\(folder)/\(limit)"), 0..<1 << 60 ~= limit else { return nil }
    let lines = (read("\(folder)/memory.stat") ?? "").split(separator: "\n").map { $0.split(separator: " ") }
    let droppable = lines.first { $0.count == 2 && $0[0] == inactive }.flatMap { Int($0[1]) } ?? 0
    let used = max(0, (number("\(folder)/\(usage)") ?? 0) - max(0, droppable))
    return Memory(limit: limit, free: max(0, limit - used))
  }

  private func number(_ path: String) -> Int? {
    read(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  /// The folders of this process's group and of those above it, of one controller of version 1 or, for "", of version 2.
  private func folders(of controller: String) -> [String] {
    for line in (read("/proc/self/cgroup") ?? "").split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3,
        fields[1].split(separator: ",", omittingEmptySubsequences: false).contains(Substring(controller))
      else { continue }
      let names = fields[2].split(separator: "/")
      let root = controller.isEmpty ? "/sys/fs/cgroup" : "/sys/fs/cgroup/\(controller)"
      return (0...names.count).map { ([root[...]] + names.prefix($0)).joined(separator: "/") }
    }
    return []
  }
}
