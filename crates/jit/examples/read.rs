//! Reads programs that come in, one a line, in hexadecimal digits; answers a line for each: `read`, or why it is refused.

#[path = "../tests/support/mod.rs"]
mod support;

use lanewise_jit::read::read;
use std::io;
use support::read_bytes;

fn main() -> io::Result<()> {
    for line in io::read_to_string(io::stdin())?.lines() {
        match read(&read_bytes(line)) {
            Ok(_) => println!("read"),
            Err(refusal) => println!("{}", refusal.0),
        }
    }
    Ok(())
}
