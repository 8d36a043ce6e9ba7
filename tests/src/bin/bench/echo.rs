//! A server that answers each line with the same line, and does nothing else that would take time.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Write},
    os::fd::AsFd,
};

/// The argument with which this program is the server.
pub(crate) const ARGUMENT: &str = "--echo";

const BUFFER_BYTES: usize = 256 * 1024;

/// Serves until the client closes its end.
pub(crate) fn serve() {
    let clone = |stream: &dyn AsFd| stream.as_fd().try_clone_to_owned().expect("it is open");
    let mut input = BufReader::with_capacity(BUFFER_BYTES, File::from(clone(&io::stdin())));
    let mut output = File::from(clone(&io::stdout()));
    let mut line = Vec::with_capacity(BUFFER_BYTES);
    while input.read_until(b'\n', &mut line).expect("a pipe is read") > 0 {
        output.write_all(&line).expect("a pipe is written");
        line.clear();
    }
}
