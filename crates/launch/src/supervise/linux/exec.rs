use std::{
    ffi::{CString, OsString},
    io,
    os::unix::ffi::OsStringExt,
    panic::{AssertUnwindSafe, catch_unwind},
    ptr,
};

use super::{
    super::{Ends, Program},
    exit_now,
    signals::{self, Signals},
};

/// What a file without a known format is handed to, as `execvp` does.
const SHELL: &std::ffi::CStr = c"/bin/sh";

/// The exit code where this process did not become the server; nobody looks at it.
const NOT_STARTED: i32 = 125;

/// Becomes the server, or reports why not. Runs in a process of its own and never returns.
pub(super) fn become_server(
    supervisor: u32,
    signals: &Signals,
    ends: Ends,
    prepare: impl FnOnce() -> Result<Program, Vec<u8>>,
) -> ! {
    // A group of its own: a signal to the client's group would reach it twice, once passed on.
    let _ = rustix::process::setpgid(None, None);
    let is_ready = signals::on_parents_end(libc::SIGKILL).is_ok();
    if !is_ready || std::os::unix::process::parent_id() != supervisor {
        exit_now(NOT_STARTED);
    }
    signals.restore();
    // A panic must not unwind into code that believes to be the process that this was copied from.
    match catch_unwind(AssertUnwindSafe(prepare)) {
        Ok(Ok(program)) => exec(program, ends),
        Ok(Err(refusal)) => ends.report.refused(&refusal),
        Err(_) => {}
    }
    exit_now(NOT_STARTED)
}

fn exec(program: Program, ends: Ends) {
    let Ends {
        input,
        output,
        mut report,
    } = ends;
    report.prepared();
    let error = match Image::new(program) {
        Ok(image) => rustix::stdio::dup2_stdin(&input)
            .and_then(|()| rustix::stdio::dup2_stdout(&output))
            .map_or_else(io::Error::from, |()| image.run()),
        Err(error) => error,
    };
    report.failed(&error);
}

/// A program in the form in which the system takes it.
struct Image {
    file: CString,
    arguments: Vec<CString>,
    environment: Vec<CString>,
}

impl Image {
    fn new(program: Program) -> io::Result<Self> {
        let variables = program.environment.into_iter().map(|(mut name, value)| {
            name.push("=");
            name.push(value);
            name
        });
        let arguments = std::iter::once(program.name).chain(program.arguments);
        Ok(Self {
            file: text(program.file.into_os_string())?,
            arguments: arguments.map(text).collect::<io::Result<_>>()?,
            environment: variables.map(text).collect::<io::Result<_>>()?,
        })
    }

    /// Returns only if the system refuses.
    fn run(&self) -> io::Error {
        signals::end_on_closed_pipe();
        let mut arguments = pointers(&self.arguments);
        let environment = pointers(&self.environment);
        // SAFETY: both lists end with a null pointer, and like the texts that they point to they live
        // until the call returns, which it does only when it fails.
        unsafe { libc::execve(self.file.as_ptr(), arguments.as_ptr(), environment.as_ptr()) };
        let error = io::Error::last_os_error();
        if error.raw_os_error() != Some(libc::ENOEXEC) {
            return error;
        }
        arguments[0] = self.file.as_ptr();
        arguments.insert(0, SHELL.as_ptr());
        // SAFETY: as above.
        unsafe { libc::execve(SHELL.as_ptr(), arguments.as_ptr(), environment.as_ptr()) };
        io::Error::last_os_error()
    }
}

fn text(text: OsString) -> io::Result<CString> {
    CString::new(text.into_vec()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))
}

fn pointers(texts: &[CString]) -> Vec<*const libc::c_char> {
    let ends = std::iter::once(ptr::null());
    texts.iter().map(|text| text.as_ptr()).chain(ends).collect()
}
