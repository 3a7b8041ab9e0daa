//! What the reader takes, and what it refuses with which words.

use lanewise_jit::interpret::{Captured, interpret};
use lanewise_jit::isa::Isa;
use lanewise_jit::kernel::Kernel;
use lanewise_jit::op::Op;
use lanewise_jit::program::{Operand, Statement, Type};
use lanewise_jit::read::{MOST_BYTES, MOST_DEPTH, read};
use std::thread;

/// `(x) => x + 1`: its head, one let, one set.
const HEAD: [u32; 7] = [1, 0, 0, 0, 0, 1, 0];
const LET: [u32; 3] = [0x20, 4, 1];
const TAIL: [u32; 5] = [1, 0, 0, 0, 0];
const NAMES: &str = "f\0x\0r";

/// Bytes with their constants, words and names.
fn bytes_of(constants: &[f64], words: &[u32], names: &str) -> Vec<u8> {
    let count = |length: usize| u32::try_from(length).unwrap();
    let header = [0x5249_574c, 2, 1, count(constants.len()), count(words.len())];
    let mut bytes: Vec<u8> = header.iter().flat_map(|word| word.to_le_bytes()).collect();
    bytes.extend(constants.iter().flat_map(|x| x.to_le_bytes()));
    bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    bytes.extend(names.as_bytes());
    bytes
}

fn add_one() -> Vec<u8> {
    bytes_of(&[1.0], &[&HEAD[..], &LET, &TAIL].concat(), NAMES)
}

/// With other words in front of its body, which begins at byte 56.
fn with_words(constants: &[f64], words: &[u32]) -> Vec<u8> {
    bytes_of(constants, &[&HEAD[..], words, &LET, &TAIL].concat(), NAMES)
}

fn with_word(at: usize, word: u32) -> Vec<u8> {
    let mut bytes = add_one();
    bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
    bytes
}

#[test]
fn a_program_is_what_its_bytes_say() {
    let program = read(&add_one()).unwrap();
    assert_eq!(
        (program.inputs, program.uniforms, program.tables, program.result),
        (1, 0, 0, 0)
    );
    assert_eq!(program.code.variables, [Type::F64]);
    let [value] = &program.code.values[..] else {
        panic!("one value")
    };
    assert_eq!((value.op, value.ty), (Op::Add, Type::F64));
    assert_eq!(value.args, [Operand::Input(0), Operand::Const(1.0)]);
    let set = Statement::Set {
        variable: 0,
        operand: Operand::Value(0),
    };
    assert_eq!(program.code.body, [Statement::Let(0), set]);
}

#[test]
fn a_value_is_counted_among_those_in_scope() {
    // if true { let neg(x) }, then the program's own let: the second value, and value 0 of its scope.
    let program = read(&with_words(&[1.0], &[2, 11, 0x24, 4, 0, 0])).unwrap();
    assert_eq!(program.code.values.len(), 2);
    let set = Statement::Set {
        variable: 0,
        operand: Operand::Value(1),
    };
    assert_eq!(program.code.body.last(), Some(&set));
}

#[test]
fn rounds_labels_and_default_values_are_read() {
    let words = [&[1, 1, 0, 0, 0, 1, 0][..], &[4, 2, 3, 5, 0, 0, 0], &[0x20, 4, 9], &TAIL].concat();
    let program = read(&bytes_of(&[0.5, 7.0], &words, "f\0x\0r\0rounds\0block")).unwrap();
    let block = Statement::Block {
        body: vec![Statement::Leave { label: 0 }],
    };
    assert_eq!(
        program.code.body[0],
        Statement::Loop {
            rounds: Some(7),
            body: vec![block]
        }
    );
}

#[test]
fn each_rule_of_the_frame_that_is_broken_is_named_with_its_byte() {
    let nothing = [0; 19];
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (nothing.to_vec(), "a program has 20 bytes at least, not 19 (at byte 0)"),
        (
            vec![0; MOST_BYTES + 1],
            "a program has 16777216 bytes at most, not 16777217 (at byte 0)",
        ),
        (with_word(0, 1), "a program begins with LWIR, not 0x1 (at byte 0)"),
        (with_word(4, 1), "this is version 1, and read is version 2 (at byte 4)"),
        (with_word(8, 0), "the form is 0, and read is 1, for lanes (at byte 8)"),
        (
            with_word(12, u32::MAX),
            "4294967295 constants and 15 words are more than the bytes (at byte 12)",
        ),
        (
            with_word(16, 17),
            "1 constants and 17 words are more than the bytes (at byte 12)",
        ),
        (with_word(16, 13), "the code ends too early (at byte 80)"),
        (
            bytes_of(&[1.0], &[&HEAD[..], &LET, &TAIL, &[0]].concat(), NAMES),
            "1 words stand behind the program (at byte 88)",
        ),
        (with_word(24, 0x7ff8_0001), "NaN is 0x7ff8000000000000 (at byte 20)"),
        (with_word(64, 4), "1 constants are not used (at byte 20)"),
        (with_word(64, 9), "constant 1 is of 1 (at byte 64)"),
        (
            with_words(&[1.0, 1.0], &[]),
            "the constant 1 is there twice (at byte 28)",
        ),
        (
            with_words(&[2.0, 1.0], &[0x24, 9]),
            "constant 1 is used before constant 0 (at byte 68)",
        ),
        (
            with_word(28, u32::MAX),
            "4294967295 defaults are more than the 14 words left (at byte 28)",
        ),
        (
            with_word(36, u32::MAX),
            "there are 3 names, and this wants more (at byte 36)",
        ),
        (
            bytes_of(&[1.0], &[&HEAD[..], &LET, &TAIL].concat(), "f\0x\0r\0"),
            "1 names are of nothing (at byte 88)",
        ),
        ([add_one(), vec![255]].concat(), "names are UTF-8 (at byte 88)"),
        (with_word(52, 3), "3 is no type (at byte 52)"),
        (with_word(52, 1), "an operand is I32, not F64 (at byte 76)"),
    ];
    for (bytes, message) in cases {
        assert_refused(&bytes, message);
    }
}

#[test]
fn each_rule_of_code_that_is_broken_is_named_with_its_byte() {
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (with_words(&[1.0], &[7]), "7 begins no statement (at byte 56)"),
        (with_words(&[1.0], &[0x1f]), "31 begins no statement (at byte 56)"),
        (with_word(60, 7), "7 is no operand (at byte 60)"),
        (with_word(60, 12), "input 1 is of 1 (at byte 60)"),
        (with_word(60, 5), "uniform 0 is of 0 (at byte 60)"),
        (with_word(60, 6), "table 0 is of 0 (at byte 60)"),
        (with_word(60, 19), "truth value 2 is of 2 (at byte 60)"),
        (with_word(60, 3), "an operand is F64, not Mask (at byte 60)"),
        (with_word(60, 0), "value 0 is not one of the 0 in scope (at byte 60)"),
        (
            with_words(&[1.0], &[2, 11, 0x24, 4, 0, 0, 0x24, 0]),
            "value 0 is not one of the 0 in scope (at byte 84)",
        ),
        (with_word(72, 1), "variable 1 is used before variable 0 (at byte 72)"),
        (with_words(&[1.0], &[5, 0]), "leave 0 is inside 0 labels (at byte 60)"),
        (with_words(&[1.0], &[6, 0]), "call 0 is of 0 subroutines (at byte 60)"),
        (
            with_words(&[1.0], &[2, 4, 0, 0]),
            "an operand is Mask, not F64 (at byte 60)",
        ),
        (
            with_words(&[1.0], &[0x12, 3, 4, 3]),
            "an operand is F64, not Mask (at byte 68)",
        ),
        (
            with_words(&[1.0], &[0x42, 5, 4]),
            "Exponent splits at 0x3ff00000 or 0x3fe6a09e, not 0x5 (at byte 60)",
        ),
        (with_words(&[1.0], &[0x11, 0, 4]), "table 0 is of 0 (at byte 60)"),
        (
            with_words(&[1.0], &[0x45, 4, 4]),
            "bit takes the constant 0 or 1 (at byte 64)",
        ),
        (
            with_words(&[-0.0, 1.0], &[0x45, 4, 1]),
            "bit takes the constant 0 or 1 (at byte 72)",
        ),
        (
            with_words(&[1.5], &[0x30, 4, 1]),
            "remPow2 takes a constant 2^k, 0 ≤ k ≤ 1000 (at byte 64)",
        ),
        (
            with_words(&[-2.0], &[0x30, 4, 1]),
            "remPow2 takes a constant 2^k, 0 ≤ k ≤ 1000 (at byte 64)",
        ),
        (with_words(&[1.5], &[4, 1]), "1.5 is no number of rounds (at byte 60)"),
        (with_words(&[-0.0], &[4, 1]), "-0 is no number of rounds (at byte 60)"),
        (
            with_words(&[f64::INFINITY], &[4, 1]),
            "inf is no number of rounds (at byte 60)",
        ),
        (
            with_words(&[9_007_199_254_740_992.0], &[4, 1]),
            "9007199254740992 is no number of rounds (at byte 60)",
        ),
        (
            with_words(&[2_147_483_648.0], &[0x91, 2]),
            "2147483648 is no i32 (at byte 60)",
        ),
        (with_words(&[-0.0], &[0x91, 2]), "-0 is no i32 (at byte 60)"),
        (
            with_words(&[1.0], &[0x2f, 4, 4]),
            "rem is a subroutine in the form for lanes, no operation (at byte 56)",
        ),
        (
            with_words(&[1.0], &[0x10, 0]),
            "variable 0 is read before it is set (at byte 60)",
        ),
        (
            with_words(&[1.0], &[2, 11, 1, 0, 4, 0, 0]),
            "variable 0 began in a body that has ended (at byte 100)",
        ),
        (
            with_words(&[1.0], &[2, 11].repeat(MOST_DEPTH)),
            "bodies nest deeper than 500 (at byte 4052)",
        ),
    ];
    for (bytes, message) in cases {
        assert_refused(&bytes, message);
    }
}

#[test]
fn results_are_variables_that_were_set_and_doubles() {
    let set_i32 = [&[0, 0, 0, 0, 1, 1][..], &[1, 0, 2, 0], &[0]].concat();
    assert_refused(
        &bytes_of(&[1.0], &set_i32, "f\0r"),
        "the result is f64, not I32 (at byte 68)",
    );
    let unset = [0, 0, 0, 0, 1, 0, 0, 0];
    assert_refused(
        &bytes_of(&[], &unset, "f\0r"),
        "variable 0 is read before it is set (at byte 48)",
    );
    let unused = [&[0, 0, 0, 0, 2, 0, 0][..], &[1, 0, 1, 0], &[0]].concat();
    assert_refused(
        &bytes_of(&[1.0], &unused, "f\0r\0s"),
        "variable 1 of 2 is not used (at byte 72)",
    );
}

/// A subroutine `swap` of an f64, a mask and the mask of lanes that ask; its results are both. The program calls it once.
fn swap(inputs: &[u32], call: &[u32]) -> Vec<u8> {
    let inputs = [&[u32::try_from(inputs.len()).unwrap()], inputs].concat();
    let body = [2, 2, 2, 0, 1, 0, 12, 1, 1, 4, 0, 1, 0]; // two results of two variables, which are set the other way round
    let words = [&[1, 0, 0, 0, 1][..], &inputs, &body, &[2, 0, 2], call, &[0, 0]].concat();
    bytes_of(&[], &words, "f\0x\0swap\0m\0y\0r\0m")
}

#[test]
fn a_call_has_an_argument_for_each_input_and_a_variable_for_each_result() {
    let program = read(&swap(&[0, 2, 2], &[6, 0, 4, 11, 11, 0, 1])).unwrap();
    assert_eq!(program.subroutines[0].inputs, [Type::F64, Type::Mask, Type::Mask]);
    let args = vec![Operand::Input(0), Operand::ConstMask(true), Operand::ConstMask(true)];
    assert_eq!(
        program.code.body,
        [Statement::Call {
            subroutine: 0,
            args,
            results: vec![0, 1]
        }]
    );
    assert_eq!(
        interpret(&program, &Captured::default(), &[vec![2.5, -1.0]]),
        [2.5, -1.0]
    );

    assert_refused(
        &swap(&[0, 2, 0], &[]),
        "the last input of a subroutine is a mask (at byte 52)",
    );
    assert_refused(&swap(&[], &[]), "the last input of a subroutine is a mask (at byte 40)");
    assert_refused(
        &swap(&[0, 2, 2], &[6, 0, 4, 4, 11, 0, 1]),
        "an operand is Mask, not F64 (at byte 132)",
    );
    assert_refused(
        &swap(&[0, 2, 2], &[6, 1, 4, 11, 11, 0, 1]),
        "call 1 is of 1 subroutines (at byte 124)",
    );
    assert_refused(
        &swap(&[0, 2, 2], &[6, 0, 4, 11, 11, 0, 0]),
        "a result is Mask, not F64 (at byte 144)",
    );
}

#[test]
fn results_of_a_call_share_no_variable() {
    // Of two f64.
    let words = [
        &[0, 0, 0, 1][..],
        &[1, 2, 2, 2, 0, 0, 1, 0, 1, 1, 1, 1, 0, 0, 1],
        &[1, 0],
        &[6, 0, 11, 0, 0, 0, 0],
    ]
    .concat();
    assert_refused(
        &bytes_of(&[1.0], &words, "f\0two\0a\0b\0r"),
        "results of a call share a variable (at byte 128)",
    );
}

#[test]
fn the_deepest_bodies_need_little_stack() {
    // V8 gives a worker 4 MB. Code that is not optimised needs several times what the addon's does.
    const COMPILER_BYTES: usize = if cfg!(debug_assertions) { 4 << 20 } else { 1 << 20 };
    for (begin, end) in [(&[2, 11][..], &[0, 0][..]), (&[3], &[0]), (&[4, 0], &[5, 0, 0])] {
        let depth = MOST_DEPTH - 1;
        let words = [begin.repeat(depth), end.repeat(depth)].concat();
        let names = [
            NAMES.as_bytes(),
            &if begin == [2, 11] { vec![] } else { vec![0; depth] },
        ]
        .concat();
        let words = [&HEAD[..], &words, &LET, &TAIL].concat();
        let bytes = bytes_of(&[1.0], &words, &String::from_utf8(names).unwrap());
        let program = with_stack(512 << 10, move || {
            let program = read(&bytes).unwrap();
            let results = interpret(&program, &Captured::default(), &[vec![1.0, 2.0]]);
            assert_eq!(results, [2.0, 3.0]);
            program
        });
        with_stack(COMPILER_BYTES, move || {
            for isa in Isa::available() {
                assert!(Kernel::of(&program, *isa).is_ok(), "{isa:?}");
            }
        });
    }
}

fn with_stack<T: Send + 'static>(bytes: usize, run: impl FnOnce() -> T + Send + 'static) -> T {
    thread::Builder::new()
        .stack_size(bytes)
        .spawn(run)
        .unwrap()
        .join()
        .unwrap()
}

#[test]
fn a_long_program_is_read() {
    // Each let uses the one before: 4 MiB of them.
    let most = (MOST_BYTES / 4) / 8;
    let lets: Vec<u32> = (0..u32::try_from(most).unwrap())
        .flat_map(|i| [0x24, if i == 0 { 4 } else { 8 * (i - 1) }])
        .collect();
    let program = read(&with_words(&[1.0], &lets)).unwrap();
    assert_eq!(program.code.values.len(), most + 1);
}

fn assert_refused(bytes: &[u8], message: &str) {
    assert_eq!(
        read(bytes).expect_err(message).0,
        format!("not a program of lanewise: {message}")
    );
}
