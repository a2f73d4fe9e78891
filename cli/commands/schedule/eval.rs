//! `curfew schedule eval`

use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Write};

use curfew_core::outlook::Answerer;

use crate::exit::{CliError, Exit};

/// Bytes that are read and written at once.
const BUFFER: usize = 64 * 1024;

/// Answers each line of standard input with one of standard output. What is wrong with a question is its answer.
pub fn eval() -> Result<Exit, CliError> {
    let mut input = BufReader::with_capacity(BUFFER, io::stdin().lock());
    let mut output = BufWriter::with_capacity(BUFFER, io::stdout().lock());
    match answer_all(&mut input, &mut output) {
        // Who asked has heard enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Exit::Done),
        Err(error) => Err(CliError::File { file: "standard input and output".to_owned(), error }),
        Ok(()) => Ok(Exit::Done),
    }
}

fn answer_all<R: io::Read>(input: &mut BufReader<R>, output: &mut impl Write) -> io::Result<()> {
    let mut answerer = Answerer::default();
    let mut line = Vec::new();
    loop {
        // Before waiting for a question, every answer goes out: its asker may wait for it before asking on.
        if !input.buffer().contains(&b'\n') {
            output.flush()?;
        }
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return output.flush();
        }
        writeln!(output, "{}", answerer.answer(&line))?;
    }
}
