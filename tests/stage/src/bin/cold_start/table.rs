//! The samples as a table.

use std::path::Path;
use std::time::Duration;

use flate2::Compression;
use flate2::read::DeflateEncoder;

use crate::program::{Program, Sample};

const HEAD: &str = "\
| function | binary, MiB | zip, MiB | ready, ms | first response, ms | p90 | dry run, ms | p90 | × | memory, MiB |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
";

/// A Markdown table: medians and 90th percentiles, and how many times longer than the one beside it a dry run takes.
///
/// # Errors
/// A binary cannot be read.
pub fn markdown(programs: &[Program], samples: &[Vec<Sample>], beside: Option<&str>) -> std::io::Result<String> {
    let dry_run = |samples: &Vec<Sample>| percentile(samples, 50, |sample| sample.asking.answered);
    let beside = programs.iter().zip(samples).find(|(program, _)| Some(program.name.as_str()) == beside);
    let beside = beside.map(|(_, samples)| dry_run(samples));
    let mut text = HEAD.to_owned();
    for (program, samples) in programs.iter().zip(samples) {
        let (size, zipped) = program.bootstrap().map(sizes).transpose()?.unzip();
        let times = beside.map(|beside| format!("{:.2}", dry_run(samples).as_secs_f64() / beside.as_secs_f64()));
        let at = |percent, of: fn(&Sample) -> Duration| milliseconds(percentile(samples, percent, of));
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            program.name,
            or_none(size.map(mebibytes)),
            or_none(zipped.map(mebibytes)),
            at(50, |sample| sample.at_once.ready),
            at(50, |sample| sample.at_once.answered),
            at(90, |sample| sample.at_once.answered),
            at(50, |sample| sample.asking.answered),
            at(90, |sample| sample.asking.answered),
            or_none(times),
            mebibytes(percentile(samples, 100, |sample| sample.asking.memory)),
        ));
    }
    Ok(text)
}

fn or_none(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}

/// The nearest rank of the values; 100 is the greatest.
fn percentile<T: Ord + Copy + Default>(samples: &[Sample], percent: usize, value: impl Fn(&Sample) -> T) -> T {
    let mut values: Vec<T> = samples.iter().map(value).collect();
    values.sort_unstable();
    let rank = (values.len() * percent).div_ceil(100).max(1);
    values.get(rank - 1).copied().unwrap_or_default()
}

/// How many bytes a binary has, and how many compressed as in a zip.
fn sizes(binary: &Path) -> std::io::Result<(u64, u64)> {
    let bytes = std::fs::read(binary)?;
    let mut encoder = DeflateEncoder::new(bytes.as_slice(), Compression::default());
    let zipped = std::io::copy(&mut encoder, &mut std::io::sink())?;
    Ok((bytes.len() as u64, zipped))
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.1}", duration.as_secs_f64() * 1000.0)
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / (1024.0 * 1024.0))
}
