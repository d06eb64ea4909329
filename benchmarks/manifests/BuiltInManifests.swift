/// The manifests of this folder, as the executable carries them: the name of each data set and its JSON.
public enum BuiltInManifests {
  /// In the order `hustings data list` prints them.
  public static let all: [(name: String, json: [UInt8])] = [
    ("judgebench", PackageResources.judgebench_json), ("llmbar", PackageResources.llmbar_json),
    ("pandalm", PackageResources.pandalm_json), ("rmbench", PackageResources.rmbench_json),
    ("rewardbench", PackageResources.rewardbench_json), ("rewardbench2", PackageResources.rewardbench2_json),
    ("squality", PackageResources.squality_json), ("wmt23_sxs_ende", PackageResources.wmt23_sxs_ende_json),
    ("hh_harmless_test", PackageResources.hh_harmless_test_json),
    ("bon_alpaca_tulu", PackageResources.bon_alpaca_tulu_json),
  ]
}
