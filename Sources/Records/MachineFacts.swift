/// The machine and the build: the key under which two timings may be compared.
public struct MachineFacts: Sendable, Equatable, Codable {
  public var cpu = ""
  /// Cores that the process may use.
  public var cores = 0
  /// Main memory, in bytes.
  public var memory = 0
  public var os = ""
  public var blasVersion = ""
  /// The kernel family that OpenBLAS chose (`SkylakeX`).
  public var blasCore = ""
  public var blasThreads = 1
  /// What our own kernels use: `avx512`, `avx2` or `portable`.
  public var kernelISA = ""
  public var compiler = ""
  /// `debug` or `release`, with the optimisation that matters.
  public var buildConfiguration = ""
  /// Git commit; nil outside a repository.
  public var commit: String?
  /// Whether the working folder differs from the commit; nil outside a repository.
  public var dirty: Bool?
  /// Git branch; nil outside a repository and on a detached head.
  public var branch: String?
  /// Load average over one minute when timing began.
  public var load: Double?

  public init() {}
}
