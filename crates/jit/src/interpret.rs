//! Runs a program as `docs/ir.md` says, one operation after the other: the plain twin of the compiler, which tests hold that to.
#![forbid(unsafe_code)]

mod operations;

pub use operations::operation;

use crate::op::Op;
use crate::program::{Code, Operand, Program, Statement, Subroutine, Value};

/// What a program reads besides its inputs: captured numbers, and the entries of captured arrays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Captured {
    pub uniforms: Vec<f64>,
    pub tables: Vec<Vec<f64>>,
}

/// The results of all rows, which run in step, a lane each: of row i the inputs are `inputs[…][i]`.
///
/// # Panics
///
/// Inputs are as many columns as the program has, of one length; captures are as many as it has.
pub fn interpret(program: &Program, captured: &Captured, inputs: &[Vec<f64>]) -> Vec<f64> {
    interpret_within(program, captured, inputs, u64::MAX).expect("nobody waits for so many rounds")
}

/// The same, unless the loops take more than `rounds` rounds together: none then.
///
/// # Panics
///
/// As `interpret`.
pub fn interpret_within(
    program: &Program,
    captured: &Captured,
    inputs: &[Vec<f64>],
    mut rounds: u64,
) -> Option<Vec<f64>> {
    assert_eq!(inputs.len(), program.inputs, "a column for each input");
    assert_eq!(captured.uniforms.len(), program.uniforms, "a number for each uniform");
    assert_eq!(captured.tables.len(), program.tables, "an array for each table");
    // A program without inputs has one row.
    let lanes = inputs.first().map_or(1, Vec::len);
    assert!(
        inputs.iter().all(|column| column.len() == lanes),
        "columns of one length"
    );
    if lanes == 0 {
        return Some(Vec::new()); // no lane would ever want to leave a loop
    }
    let inputs = inputs
        .iter()
        .map(|column| column.iter().map(|x| x.to_bits()).collect())
        .collect();
    let around = Around {
        captured,
        subroutines: &program.subroutines,
    };
    let mut run = Run::new(around, &program.code, inputs, lanes, &mut rounds);
    run.body(&program.code.body, 0).ok()?;
    Some(
        run.variables[program.result]
            .iter()
            .map(|bits| f64::from_bits(*bits))
            .collect(),
    )
}

/// One of these a lane: the bits of an f64, those of an i32 with zeros above them, 0 or 1 for a mask.
type Lanes = Vec<u64>;

/// What code may name that stands outside it.
#[derive(Clone, Copy)]
struct Around<'a> {
    captured: &'a Captured,
    subroutines: &'a [Subroutine],
}

/// Where all lanes go behind a statement.
enum Next {
    On,
    /// To the end of the block or loop of this label.
    Left(usize),
}

/// There are no rounds left.
struct TooLong;

/// Code while it runs: all of a program, or one call of a subroutine.
struct Run<'a> {
    around: Around<'a>,
    code: &'a Code,
    inputs: Vec<Lanes>,
    lanes: usize,
    values: Vec<Lanes>,
    variables: Vec<Lanes>,
    rounds: &'a mut u64,
}

impl<'a> Run<'a> {
    fn new(around: Around<'a>, code: &'a Code, inputs: Vec<Lanes>, lanes: usize, rounds: &'a mut u64) -> Self {
        let values = vec![Vec::new(); code.values.len()];
        let variables = vec![vec![0; lanes]; code.variables.len()];
        Self {
            around,
            code,
            inputs,
            lanes,
            values,
            variables,
            rounds,
        }
    }

    /// Runs statements that stand inside so many labels.
    fn body(&mut self, statements: &'a [Statement], labels: usize) -> Result<Next, TooLong> {
        for statement in statements {
            let next = match statement {
                Statement::If { condition, yes, no } => {
                    let body = if self.is_any(*condition) { yes } else { no };
                    self.body(body, labels)?
                }
                Statement::Block { body } => behind(self.body(body, labels + 1)?, labels),
                Statement::Loop { body, .. } => self.repeat(body, labels)?,
                Statement::Leave { label } => Next::Left(*label),
                _ => self.step(statement)?,
            };
            if let Next::Left(_) = next {
                return Ok(next);
            }
        }
        Ok(Next::On)
    }

    fn repeat(&mut self, body: &'a [Statement], labels: usize) -> Result<Next, TooLong> {
        loop {
            *self.rounds = self.rounds.checked_sub(1).ok_or(TooLong)?;
            if let Next::Left(label) = self.body(body, labels + 1)? {
                return Ok(behind(Next::Left(label), labels));
            }
        }
    }

    /// A statement without bodies.
    fn step(&mut self, statement: &Statement) -> Result<Next, TooLong> {
        match statement {
            Statement::Let(index) => self.values[*index] = self.compute(&self.code.values[*index]),
            Statement::Set { variable, operand } => self.variables[*variable] = self.operand(*operand),
            Statement::Call {
                subroutine,
                args,
                results,
            } => {
                let inputs = args.iter().map(|arg| self.operand(*arg)).collect();
                let Subroutine {
                    code, results: given, ..
                } = &self.around.subroutines[*subroutine];
                let mut run = Run::new(self.around, code, inputs, self.lanes, self.rounds);
                run.body(&code.body, 0)?;
                let given: Vec<_> = given.iter().map(|result| run.variables[*result].clone()).collect();
                for (variable, lanes) in results.iter().zip(given) {
                    self.variables[*variable] = lanes;
                }
            }
            _ => unreachable!("the others have bodies, or leave one"),
        }
        Ok(Next::On)
    }

    fn compute(&self, value: &Value) -> Lanes {
        let imm = value.imm as usize;
        match value.op {
            Op::Get => self.variables[imm].clone(),
            Op::Gather => {
                let table = &self.around.captured.tables[imm];
                let indices = self.operand(value.args[0]);
                indices
                    .into_iter()
                    .map(|at| entry(table, f64::from_bits(at)).to_bits())
                    .collect()
            }
            op => {
                let args: Vec<_> = value.args.iter().map(|arg| self.operand(*arg)).collect();
                let of = |lane: usize, i: usize| args.get(i).map_or(0, |lanes: &Lanes| lanes[lane]);
                (0..self.lanes)
                    .map(|lane| operation(op, value.imm, [of(lane, 0), of(lane, 1), of(lane, 2)]))
                    .collect()
            }
        }
    }

    fn operand(&self, operand: Operand) -> Lanes {
        let same = |bits: u64| vec![bits; self.lanes];
        match operand {
            Operand::Value(index) => self.values[index].clone(),
            Operand::Const(x) => same(x.to_bits()),
            Operand::ConstI32(x) => same(u64::from(x.cast_unsigned())),
            Operand::ConstMask(truth) => same(u64::from(truth)),
            Operand::Input(index) => self.inputs[index].clone(),
            Operand::Uniform(index) => same(self.around.captured.uniforms[index].to_bits()),
            Operand::Length(table) => same(length(&self.around.captured.tables[table]).to_bits()),
        }
    }

    fn is_any(&self, condition: Operand) -> bool {
        self.operand(condition).contains(&1)
    }
}

/// Where lanes go behind a block or loop inside so many labels, whose body went there.
fn behind(next: Next, labels: usize) -> Next {
    match next {
        Next::Left(label) if label == labels => Next::On,
        next => next,
    }
}

/// NaN where there is none.
fn entry(table: &[f64], index: f64) -> f64 {
    if index.fract() == 0.0 && index >= 0.0 && index < length(table) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // it is inside
        return table[index as usize];
    }
    f64::NAN
}

#[allow(clippy::cast_precision_loss)] // no array is so long
fn length(table: &[f64]) -> f64 {
    table.len() as f64
}
