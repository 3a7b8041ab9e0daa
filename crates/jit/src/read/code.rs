//! The code of a program or of a subroutine: its bodies, statements and variables.

use super::words::Words;
use super::{Around, MOST_DEPTH, read_type};
use crate::kernel::Refusal;
use crate::op::Op;
use crate::program::{Code, Operand, Statement, Type, Value};

/// Words that a statement other than a `let` begins with.
mod word {
    pub const END: u32 = 0;
    pub const SET: u32 = 1;
    pub const IF: u32 = 2;
    pub const BLOCK: u32 = 3;
    pub const LOOP: u32 = 4;
    pub const LEAVE: u32 = 5;
    pub const CALL: u32 = 6;
}

/// A body whose end is not reached.
struct Open {
    owner: Owner,
    statements: Vec<Statement>,
    /// How many values were in scope when it began, and variables.
    values: usize,
    begun: usize,
}

/// What a body is part of.
enum Owner {
    /// The code.
    Code,
    Yes(Operand),
    No(Operand, Vec<Statement>),
    Block,
    Loop(Option<u64>),
}

/// Where a variable is in its life.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    New,
    /// What names it first is in a body that is open.
    Begun,
    Over,
}

pub struct CodeReader<'a, 'b> {
    pub(super) words: &'a mut Words<'b>,
    pub(super) around: Around<'a>,
    pub(super) variables: Vec<Type>,
    /// Of each variable.
    stages: Vec<Stage>,
    /// The call, by its number from 1, that gave each variable a result last.
    called: Vec<usize>,
    calls: usize,
    /// Variables named so far: the next new one must be this.
    used: usize,
    /// Variables that began in bodies that are open.
    begun: Vec<usize>,
    pub(super) values: Vec<Value>,
    /// Values of the bodies that are open. What is not in here is not in scope.
    pub(super) scope: Vec<usize>,
    bodies: Vec<Open>,
    labels: usize,
}

impl<'a, 'b> CodeReader<'a, 'b> {
    pub fn new(words: &'a mut Words<'b>, around: Around<'a>) -> Self {
        Self {
            words,
            around,
            variables: Vec::new(),
            stages: Vec::new(),
            called: Vec::new(),
            calls: 0,
            used: 0,
            begun: Vec::new(),
            values: Vec::new(),
            scope: Vec::new(),
            bodies: Vec::new(),
            labels: 0,
        }
    }

    /// The code, and the variables behind it that are its results.
    pub fn read(mut self, results: usize) -> Result<(Code, Vec<usize>), Refusal> {
        let count = self.words.count("variables")?;
        for _ in 0..count {
            self.variables.push(read_type(self.words)?);
            self.words.name()?;
        }
        self.stages = vec![Stage::New; count];
        self.called = vec![0; count];
        let body = self.read_bodies()?;
        self.words.are_left(results, "results")?;
        let results = (0..results)
            .map(|_| self.read_known_variable())
            .collect::<Result<Vec<_>, _>>()?;
        if self.used < count {
            return Err(self
                .words
                .refuse(&format!("variable {} of {count} is not used", self.used)));
        }
        Ok((
            Code {
                variables: self.variables,
                values: self.values,
                body,
            },
            results,
        ))
    }

    /// All statements up to the end of the outermost body.
    fn read_bodies(&mut self) -> Result<Vec<Statement>, Refusal> {
        self.open(Owner::Code)?;
        loop {
            let word = self.words.word()?;
            let statement = if word == word::END {
                self.close()?
            } else {
                self.read_statement(word)?
            };
            let Some(body) = self.bodies.last_mut() else {
                let Some(Statement::Block { body }) = statement else {
                    unreachable!("the outermost body is a block")
                };
                return Ok(body);
            };
            body.statements.extend(statement);
        }
    }

    fn open(&mut self, owner: Owner) -> Result<(), Refusal> {
        if self.bodies.len() == MOST_DEPTH {
            return Err(self.words.refuse(&format!("bodies nest deeper than {MOST_DEPTH}")));
        }
        if matches!(owner, Owner::Block | Owner::Loop(_)) {
            self.labels += 1;
            self.words.name()?;
        }
        self.bodies.push(Open {
            owner,
            statements: Vec::new(),
            values: self.scope.len(),
            begun: self.begun.len(),
        });
        Ok(())
    }

    /// Ends the innermost body; answers the statement that has ended with it, of the outermost a block.
    fn close(&mut self) -> Result<Option<Statement>, Refusal> {
        let Some(Open {
            owner,
            statements: body,
            values,
            begun,
        }) = self.bodies.pop()
        else {
            unreachable!("a body is open");
        };
        self.scope.truncate(values);
        // Results are read behind the outermost.
        if !self.bodies.is_empty() {
            for variable in self.begun.drain(begun..) {
                self.stages[variable] = Stage::Over;
            }
        }
        Ok(Some(match owner {
            Owner::Code => Statement::Block { body },
            Owner::Yes(condition) => {
                self.open(Owner::No(condition, body))?;
                return Ok(None);
            }
            Owner::No(condition, yes) => Statement::If {
                condition,
                yes,
                no: body,
            },
            Owner::Block => {
                self.labels -= 1;
                Statement::Block { body }
            }
            Owner::Loop(rounds) => {
                self.labels -= 1;
                Statement::Loop { rounds, body }
            }
        }))
    }

    /// A statement, or none where that has only begun.
    fn read_statement(&mut self, word: u32) -> Result<Option<Statement>, Refusal> {
        match word {
            word::SET => {
                let variable = self.read_variable()?;
                let operand = self.read_operand(self.variables[variable])?;
                Ok(Some(Statement::Set { variable, operand }))
            }
            word::IF => {
                let condition = self.read_operand(Type::Mask)?;
                self.open(Owner::Yes(condition)).map(|()| None)
            }
            word::BLOCK => self.open(Owner::Block).map(|()| None),
            word::LOOP => {
                let rounds = self.read_rounds()?;
                self.open(Owner::Loop(rounds)).map(|()| None)
            }
            word::LEAVE => {
                let label = self.words.word()? as usize;
                if label < self.labels {
                    return Ok(Some(Statement::Leave { label }));
                }
                Err(self
                    .words
                    .refuse(&format!("leave {label} is inside {} labels", self.labels)))
            }
            word::CALL => self.read_call().map(Some),
            _ => {
                let Some(op) = Op::from_code(word) else {
                    return Err(self.words.refuse(&format!("{word} begins no statement")));
                };
                let value = self.read_value(op)?;
                let index = self.values.len();
                self.values.push(value);
                self.scope.push(index);
                Ok(Some(Statement::Let(index)))
            }
        }
    }

    fn read_rounds(&mut self) -> Result<Option<u64>, Refusal> {
        const MOST: f64 = 9_007_199_254_740_991.0;
        let word = self.words.word()?;
        if word == 0 {
            return Ok(None);
        }
        let x = self.words.constant(word - 1)?;
        if x.is_sign_positive() && x <= MOST && x.fract() == 0.0 {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // an integer of [0, 2^53)
            return Ok(Some(x as u64));
        }
        Err(self.words.refuse(&format!("{x} is no number of rounds")))
    }

    fn read_call(&mut self) -> Result<Statement, Refusal> {
        let at = self.words.word()? as usize;
        let subroutines = self.around.subroutines;
        let Some(called) = subroutines.get(at) else {
            let count = subroutines.len();
            return Err(self.words.refuse(&format!("call {at} is of {count} subroutines")));
        };
        self.words.are_left(called.inputs.len(), "arguments")?;
        let args = called
            .inputs
            .iter()
            .map(|ty| self.read_operand(*ty))
            .collect::<Result<Vec<_>, _>>()?;
        self.calls += 1;
        self.words.are_left(called.results.len(), "results")?;
        let mut results = Vec::with_capacity(called.results.len());
        for result in &called.results {
            let variable = self.read_variable()?;
            let (wanted, ty) = (called.code.variables[*result], self.variables[variable]);
            if ty != wanted {
                return Err(self.words.refuse(&format!("a result is {wanted:?}, not {ty:?}")));
            }
            if self.called[variable] == self.calls {
                return Err(self.words.refuse("results of a call share a variable"));
            }
            self.called[variable] = self.calls;
            results.push(variable);
        }
        Ok(Statement::Call {
            subroutine: at,
            args,
            results,
        })
    }

    /// A variable that is set here: it may begin so.
    fn read_variable(&mut self) -> Result<usize, Refusal> {
        let at = self.words.word()? as usize;
        if at > self.used {
            return Err(self
                .words
                .refuse(&format!("variable {at} is used before variable {}", self.used)));
        }
        self.check_index("variable", at, self.variables.len())?;
        match self.stages[at] {
            Stage::New => {
                self.used += 1;
                self.stages[at] = Stage::Begun;
                self.begun.push(at);
                Ok(at)
            }
            Stage::Begun => Ok(at),
            Stage::Over => Err(self
                .words
                .refuse(&format!("variable {at} began in a body that has ended"))),
        }
    }

    /// A variable that is read here.
    pub(super) fn read_known_variable(&mut self) -> Result<usize, Refusal> {
        let used = self.used;
        let at = self.read_variable()?;
        if at < used {
            return Ok(at);
        }
        Err(self.words.refuse(&format!("variable {at} is read before it is set")))
    }
}
