use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::PathBuf,
};

/// Bytes of a plan, at most: what an exec takes is less.
pub(super) const PLAN_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// What the process that becomes the server is to do. It is handed over in a file and not in arguments
/// or environment: those are seen by others, and what loads programs obeys some of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// Bubblewrap is around it.
    pub(super) is_wrapped: bool,
    /// The network is to be closed.
    pub(super) is_closed: bool,
    /// Landlock's rules are wanted.
    pub(super) has_rules: bool,
    pub(super) uid: Option<u32>,
    pub(super) processes: u64,
    pub(super) memory_bytes: u64,
    pub(super) file_bytes: u64,
    pub(super) open_files: u64,
    pub(super) cpu_seconds: u64,
    pub(super) working_folder: PathBuf,
    pub(super) program: PathBuf,
    pub(super) readable: Vec<PathBuf>,
    pub(super) writable: Vec<PathBuf>,
    pub(super) arguments: Vec<OsString>,
    pub(super) environment: Vec<(OsString, OsString)>,
}

impl Plan {
    /// Writes the plan; `None` where a text holds a zero byte, which nothing can be started with.
    pub(super) fn write(&self) -> Option<Vec<u8>> {
        let mut records = Records(Vec::new());
        records.flag(b'b', self.is_wrapped)?;
        records.flag(b'n', self.is_closed)?;
        records.flag(b'l', self.has_rules)?;
        if let Some(uid) = self.uid {
            records.number(b'u', uid.into())?;
        }
        records.number(b'P', self.processes)?;
        records.number(b'M', self.memory_bytes)?;
        records.number(b'F', self.file_bytes)?;
        records.number(b'O', self.open_files)?;
        records.number(b'C', self.cpu_seconds)?;
        records.text(b'd', self.working_folder.as_os_str())?;
        records.text(b'p', self.program.as_os_str())?;
        for path in &self.readable {
            records.text(b'r', path.as_os_str())?;
        }
        for path in &self.writable {
            records.text(b'w', path.as_os_str())?;
        }
        for argument in &self.arguments {
            records.text(b'a', argument)?;
        }
        for (name, value) in &self.environment {
            records.text(b'e', name)?;
            records.text(b'v', value)?;
        }
        Some(records.0)
    }

    /// Reads what [`Plan::write`] has written.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut plan = Self::default();
        let mut name = None;
        for record in bytes.strip_suffix(&[0])?.split(|byte| *byte == 0) {
            let (tag, text) = record.split_first()?;
            let text = OsStr::from_bytes(text);
            let number = || text.to_str()?.parse::<u64>().ok();
            match tag {
                b'b' => plan.is_wrapped = number()? == 1,
                b'n' => plan.is_closed = number()? == 1,
                b'l' => plan.has_rules = number()? == 1,
                b'u' => plan.uid = Some(u32::try_from(number()?).ok()?),
                b'P' => plan.processes = number()?,
                b'M' => plan.memory_bytes = number()?,
                b'F' => plan.file_bytes = number()?,
                b'O' => plan.open_files = number()?,
                b'C' => plan.cpu_seconds = number()?,
                b'd' => plan.working_folder = text.into(),
                b'p' => plan.program = text.into(),
                b'r' => plan.readable.push(text.into()),
                b'w' => plan.writable.push(text.into()),
                b'a' => plan.arguments.push(text.to_owned()),
                b'e' => name = Some(text.to_owned()),
                b'v' => plan.environment.push((name.take()?, text.to_owned())),
                _ => return None,
            }
        }
        Some(plan)
    }
}

struct Records(Vec<u8>);

impl Records {
    fn text(&mut self, tag: u8, text: &OsStr) -> Option<()> {
        let bytes = text.to_owned().into_vec();
        if bytes.contains(&0) {
            return None;
        }
        self.0.push(tag);
        self.0.extend(bytes);
        self.0.push(0);
        Some(())
    }

    fn number(&mut self, tag: u8, number: u64) -> Option<()> {
        self.text(tag, OsStr::new(&number.to_string()))
    }

    fn flag(&mut self, tag: u8, is_set: bool) -> Option<()> {
        self.number(tag, is_set.into())
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;

    #[test]
    fn reads_what_it_writes() {
        let plan = Plan {
            is_wrapped: true,
            uid: Some(7),
            processes: 9,
            program: "/bin/a b".into(),
            readable: vec!["/x".into(), "/y\n".into()],
            arguments: vec!["".into(), "-c".into()],
            environment: vec![("A".into(), "=".into()), ("B".into(), "".into())],
            ..Plan::default()
        };
        let bytes = plan.write().expect("it holds no zero");
        assert_eq!(Plan::read(&bytes), Some(plan));
    }

    #[test]
    fn takes_no_zero_and_nothing_cut() {
        let plan = Plan {
            arguments: vec!["a\0b".into()],
            ..Plan::default()
        };
        assert_eq!(plan.write(), None);
        for bytes in [&b""[..], b"b1", b"x1\0", b"v1\0", b"Pz\0"] {
            assert_eq!(Plan::read(bytes), None);
        }
    }
}
