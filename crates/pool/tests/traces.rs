//! The rule beside the reference: recorded decisions, told in `test/chunks/traces/README.md`.

use std::fs;
use std::path::Path;

use lanewise_pool::rule::Rule;

/// What stands behind a key of the header, as far as the next comma.
fn field<'a>(header: &'a str, key: &str) -> &'a str {
    let (_, rest) = header.split_once(&format!("\"{key}\":")).expect("the header has it");
    rest.split([',', '}']).next().unwrap_or(rest)
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

fn rows(text: &str) -> i64 {
    text.parse().expect("a whole number")
}

/// Replays a trace; how many chunks it decided.
fn replay(name: &str, text: &str) -> usize {
    let (header, lines) = text.split_once('\n').expect("a header");
    let workers = field(header, "workers").parse().expect("a count");
    let mut rules: Vec<Rule> = (0..workers).map(|_| Rule::new(None, workers, 100.0)).collect();
    let keep = 1.0 - 1.0 / (4.0 * number(field(header, "workers"))).max(16.0);
    let (mut time, mut items) = (0.0, 0.0);
    let mut chunks = 0;
    for (at, line) in lines.lines().enumerate() {
        let parts: Vec<&str> = line.trim_matches(['[', ']']).split(',').collect();
        let rule = &mut rules[parts[1].parse::<usize>().expect("a worker")];
        let mean = (items > 0.0).then(|| time / items);
        match parts[..] {
            ["\"next\"", _, remaining, length, wanted, stop] => {
                let plan = rule.next(mean, rows(remaining), (length != "null").then(|| rows(length)));
                let stop = if stop == "null" { f64::INFINITY } else { number(stop) };
                assert_eq!(plan.rows, rows(wanted), "{name}, line {}", at + 2);
                assert_eq!(plan.stop_ms.to_bits(), stop.to_bits(), "{name}, line {}", at + 2);
                chunks += 1;
            }
            ["\"report\"", _, done, ms, _] => {
                rule.follow(mean, rows(done), number(ms));
                time = time * keep + number(ms);
                items = items * keep + number(done);
            }
            _ => panic!("{name}, line {}: {line}", at + 2),
        }
    }
    chunks
}

#[test]
fn every_chunk_of_the_native_engine_is_decided_as_by_the_reference() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../test/chunks/traces");
    let mut traces = 0;
    for entry in fs::read_dir(folder).expect("the traces") {
        let path = entry.expect("an entry").path();
        let name = path.display().to_string();
        if !name.contains("-native-") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a text");
        assert_eq!(replay(&name, &text).to_string(), field(&text, "chunks"), "{name}");
        traces += 1;
    }
    assert!(traces >= 6, "only {traces} traces are of the native engine");
}
