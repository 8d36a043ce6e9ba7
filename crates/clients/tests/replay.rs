//! Runs the seeds of the fuzz targets through the functions that the fuzz targets call.

#[path = "../../../tests/fuzz/targets/readers.rs"]
mod readers;

use std::{fs, path::Path};

use countersign_clients::Format;
use proptest::prelude::*;

const FORMATS: [(Format, &str); 5] = [
    (Format::Json, "json"),
    (Format::Jsonc, "jsonc"),
    (Format::Json5, "json5"),
    (Format::Toml, "toml"),
    (Format::Yaml, "yaml"),
];

#[test]
fn what_holds_for_any_text_holds_for_every_seed_in_every_format() {
    for seed in seeds() {
        for (format, _) in FORMATS {
            readers::read_as(format, &seed);
        }
        readers::read_by_all(&seed);
    }
}

#[test]
fn what_holds_for_any_text_holds_wherever_a_seed_breaks_off() {
    for seed in seeds() {
        for end in (0..seed.len()).filter(|at| seed.is_char_boundary(*at)) {
            for (format, _) in FORMATS {
                readers::read_as(format, &seed[..end]);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_holds_for_any_text_holds_for_parts_of_two_seeds(
        seeds in (0..1000_usize, 0..1000_usize),
        cuts in (0..400_usize, 0..400_usize),
        between in "[\\PC\n\t\"{}:,\\[\\]]{0,8}",
    ) {
        let all = self::seeds();
        let part = |seed: usize, cut: usize| all[seed % all.len()].chars().skip(cut).collect::<String>();
        let head: String = all[seeds.0 % all.len()].chars().take(cuts.0).collect();
        let text = format!("{head}{between}{}", part(seeds.1, cuts.1));
        for (format, _) in FORMATS {
            readers::read_as(format, &text);
        }
        readers::read_by_all(&text);
    }
}

fn seeds() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/seeds");
    let mut seeds = Vec::new();
    for (_, folder) in FORMATS {
        for file in fs::read_dir(root.join(folder)).expect("each format has seeds") {
            let path = file.expect("is readable").path();
            seeds.push(fs::read_to_string(path).expect("seeds are text"));
        }
    }
    seeds
}
