//! Moving bytes as they come.

use std::{
    fs::File,
    io::{self, ErrorKind, PipeReader, PipeWriter, Read, Write},
};

/// Bytes that are moved at once, at most: what a pipe holds.
const CHUNK_BYTES: usize = 64 * 1024;

/// Hands the client's bytes to the server until the client closes its end. The server's end is closed
/// then, or earlier if the server closed it; what comes after that is dropped, so that the client's
/// end is still noticed.
pub(crate) fn input(client: File, server: PipeWriter) {
    let mut server = Some(server);
    move_all(client, |bytes| {
        if let Some(open) = &mut server
            && write_all(open, bytes).is_err()
        {
            server = None;
        }
        true
    });
}

/// Hands the server's bytes to the client until either closes its end.
pub(crate) fn output(server: PipeReader, mut client: File) {
    move_all(server, |bytes| write_all(&mut client, bytes).is_ok());
}

/// Reads until the end or until `take` wants no more.
fn move_all(mut from: impl Read + Wait, mut take: impl FnMut(&[u8]) -> bool) {
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return,
            Ok(length) => {
                if !take(&buffer[..length]) {
                    return;
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => from.wait_readable(),
            Err(_) => return,
        }
    }
}

fn write_all(to: &mut (impl Write + Wait), mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match to.write(bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(length) => bytes = &bytes[length..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => to.wait_writable(),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Waiting on a pipe or socket that whoever made it set to not wait by itself.
#[cfg(unix)]
trait Wait: std::os::fd::AsFd + Sized {
    fn wait_readable(&self) {
        wait(self, rustix::event::PollFlags::IN);
    }

    fn wait_writable(&self) {
        wait(self, rustix::event::PollFlags::OUT);
    }
}

#[cfg(unix)]
fn wait(on: &impl std::os::fd::AsFd, what: rustix::event::PollFlags) {
    let mut wanted = [rustix::event::PollFd::new(on, what)];
    // Where waiting fails, the next read or write says why.
    let _ = rustix::event::poll(&mut wanted, None);
}

#[cfg(windows)]
trait Wait {
    fn wait_readable(&self) {
        std::thread::yield_now();
    }

    fn wait_writable(&self) {
        std::thread::yield_now();
    }
}

impl Wait for File {}
impl Wait for PipeReader {}
impl Wait for PipeWriter {}

#[cfg(test)]
mod tests {
    use std::{
        fs::File,
        io::{self, PipeReader, Read, Write},
        thread,
    };

    #[cfg(unix)]
    fn file(pipe: impl Into<std::os::fd::OwnedFd>) -> File {
        File::from(pipe.into())
    }

    #[cfg(windows)]
    fn file(pipe: impl Into<std::os::windows::io::OwnedHandle>) -> File {
        File::from(pipe.into())
    }

    fn read_all(mut pipe: PipeReader) -> Vec<u8> {
        let mut all = Vec::new();
        pipe.read_to_end(&mut all).unwrap();
        all
    }

    #[test]
    fn hands_everything_on_and_closes() {
        let sent: Vec<u8> = (0..=255).cycle().take(1_000_003).collect();
        let (client, mut clients_end) = io::pipe().unwrap();
        let (servers_end, server) = io::pipe().unwrap();
        let pump = thread::spawn(|| super::input(file(client), server));
        let bytes = sent.clone();
        let writer = thread::spawn(move || clients_end.write_all(&bytes).unwrap());
        assert!(read_all(servers_end) == sent);
        writer.join().unwrap();
        pump.join().unwrap();
    }

    #[test]
    fn notices_the_clients_end_after_the_server_closed_its_own() {
        let (client, mut clients_end) = io::pipe().unwrap();
        let (servers_end, server) = io::pipe().unwrap();
        drop(servers_end);
        let pump = thread::spawn(|| super::input(file(client), server));
        for _ in 0..10 {
            clients_end.write_all(&[b'x'; 100_000]).unwrap();
        }
        drop(clients_end);
        pump.join().unwrap();
    }

    #[test]
    fn lets_go_of_the_server_when_the_client_is_gone() {
        let (server, mut servers_end) = io::pipe().unwrap();
        let (clients_end, client) = io::pipe().unwrap();
        drop(clients_end);
        let pump = thread::spawn(|| super::output(server, file(client)));
        servers_end.write_all(b"x").unwrap();
        pump.join().unwrap();
        assert!(servers_end.write_all(b"x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn waits_on_pipes_that_do_not_wait() {
        let (client, mut clients_end) = io::pipe().unwrap();
        let (servers_end, server) = io::pipe().unwrap();
        rustix::io::ioctl_fionbio(&client, true).unwrap();
        rustix::io::ioctl_fionbio(&server, true).unwrap();
        let pump = thread::spawn(|| super::input(file(client), server));
        let writer = thread::spawn(move || clients_end.write_all(&[7; 300_000]).unwrap());
        assert_eq!(read_all(servers_end).len(), 300_000);
        writer.join().unwrap();
        pump.join().unwrap();
    }
}
