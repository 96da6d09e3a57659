import CKernels
import COpenBLAS
import Foundation

/// Which of its kernels OpenBLAS uses.
///
/// OpenBLAS knows processors by model number. One that is newer than the library falls back to kernels for
/// SSE3, several times slower than the processor allows; then the kernels of the widest instruction set that
/// the processor does report are chosen. `OPENBLAS_CORETYPE` overrides, as everywhere.
enum BLASCore {
  /// Kernels that do not use AVX2; a processor that has it gets one of these only when it was not recognised.
  private static let beforeAVX2: Set<String> = [
    "Katmai", "Coppermine", "Northwood", "Prescott", "Banias", "Atom", "Core2", "Penryn", "Dunnington", "Nehalem",
    "Sandybridge", "Athlon", "Opteron", "Opteron_SSE3", "Barcelona", "Nano", "Bobcat", "Bulldozer", "Piledriver",
    "Steamroller",
  ]
  /// Kernels that use AVX2 and not AVX-512.
  static let ofAVX2: Set<String> = ["Haswell", "Excavator", "Zen"]

  static var name: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }

  /// Whether the kernels in use are of before AVX2 and the processor has it.
  static var isTooOld: Bool { beforeAVX2.contains(name) && String(cString: ck_isa()) != "portable" }

  /// Chooses again where OpenBLAS did not recognise the processor; before any product is computed.
  static func recognise() {
    let stated = getenv(variable).map { String(cString: $0) }
    if let core = replacement(of: name, isa: String(cString: ck_isa()), stated: stated) { choose(core) }
  }

  /// The kernels to use in place of `core` on a processor with `isa`; nil where they are right or were `stated`.
  static func replacement(of core: String, isa: String, stated: String?) -> String? {
    guard beforeAVX2.contains(core), stated == nil else { return nil }
    switch isa {
    case "avx512": return "SkylakeX"
    case "avx2": return "Haswell"
    default: return nil
    }
  }

  private static let variable = "OPENBLAS_CORETYPE"

  /// The library reads the variable in its own start-up, which came before ours: so it is started again.
  /// A build for one processor alone has no such functions and is left as it is.
  private static func choose(_ core: String) {
    guard let library = dlopen(nil, RTLD_LAZY) else { return }
    defer { dlclose(library) }
    guard let quit = dlsym(library, "gotoblas_dynamic_quit"), let start = dlsym(library, "gotoblas_dynamic_init") else {
      return
    }
    setenv(variable, core, 1)
    defer { unsetenv(variable) }
    unsafeBitCast(quit, to: (@convention(c) () -> Void).self)()
    unsafeBitCast(start, to: (@convention(c) () -> Void).self)()
  }
}
