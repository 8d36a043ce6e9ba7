//! The client's end of the server's input.
//!
//! The server is handed the client's own pipe where the guard can see it close without reading from
//! it, so that a call costs nothing more than without a guard. Elsewhere, and where it is no pipe, the
//! guard reads and writes on.

use std::{
    fs::File,
    io::{self, ErrorKind, PipeWriter, Read, Write},
};

/// Bytes that are moved at once, at most: what a pipe holds.
const CHUNK_BYTES: usize = 64 * 1024;

/// Whether it can be seen that the client closes its end, without reading what it sent.
#[cfg(target_os = "linux")]
pub(crate) fn can_be_watched(client: &File) -> bool {
    use std::os::unix::fs::FileTypeExt;
    client.metadata().is_ok_and(|stream| {
        let kind = stream.file_type();
        kind.is_fifo() || kind.is_socket()
    })
}

/// Whether it can be seen that the client closes its end, without reading what it sent.
#[cfg(not(target_os = "linux"))]
pub(crate) fn can_be_watched(_client: &File) -> bool {
    false
}

/// Waits until the client closes its end of what [`can_be_watched`].
#[cfg(target_os = "linux")]
pub(crate) fn watch(client: &File) {
    use rustix::{
        event::{PollFd, PollFlags, poll},
        io::Errno,
    };
    let mut ends = [PollFd::new(client, PollFlags::RDHUP)];
    while let Ok(0) | Err(Errno::INTR) = poll(&mut ends, None) {}
}

/// Waits until the client closes its end of what [`can_be_watched`].
#[cfg(not(target_os = "linux"))]
pub(crate) fn watch(_client: &File) {}

/// Hands the client's bytes to the server as they come, until the client closes its end. The server's
/// end is closed then, or earlier if the server closed it; what comes after that is dropped, so that
/// the client's end is still noticed.
pub(crate) fn pass_on(mut client: File, server: PipeWriter) {
    let mut server = Some(server);
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        match client.read(&mut buffer) {
            Ok(0) => return,
            Ok(length) => {
                if let Some(open) = &mut server
                    && write_all(open, &buffer[..length]).is_err()
                {
                    server = None;
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => wait(&client, Until::Readable),
            Err(_) => return,
        }
    }
}

fn write_all(server: &mut PipeWriter, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match server.write(bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(length) => bytes = &bytes[length..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => wait(server, Until::Writable),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

enum Until {
    Readable,
    Writable,
}

/// Waits on a stream that whoever else has it set to not wait by itself.
#[cfg(unix)]
fn wait(on: &impl std::os::fd::AsFd, until: Until) {
    use rustix::event::{PollFd, PollFlags, poll};
    let what = match until {
        Until::Readable => PollFlags::IN,
        Until::Writable => PollFlags::OUT,
    };
    // Where waiting fails, the next read or write says why.
    let _ = poll(&mut [PollFd::new(on, what)], None);
}

#[cfg(windows)]
fn wait<T>(_on: &T, _until: Until) {
    std::thread::yield_now();
}

#[cfg(test)]
mod tests {
    use std::{
        fs::File,
        io::{self, PipeReader, Read, Write},
        thread,
    };

    use super::pass_on;

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
        let pump = thread::spawn(|| pass_on(file(client), server));
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
        let pump = thread::spawn(|| pass_on(file(client), server));
        for _ in 0..10 {
            clients_end.write_all(&[b'x'; 100_000]).unwrap();
        }
        drop(clients_end);
        pump.join().unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn waits_on_pipes_that_do_not_wait() {
        let (client, mut clients_end) = io::pipe().unwrap();
        let (servers_end, server) = io::pipe().unwrap();
        rustix::io::ioctl_fionbio(&client, true).unwrap();
        rustix::io::ioctl_fionbio(&server, true).unwrap();
        let pump = thread::spawn(|| pass_on(file(client), server));
        let writer = thread::spawn(move || clients_end.write_all(&[7; 300_000]).unwrap());
        assert_eq!(read_all(servers_end).len(), 300_000);
        writer.join().unwrap();
        pump.join().unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn sees_pipes_and_sockets_close_and_leaves_what_is_in_them() {
        use std::{net::Shutdown, os::unix::net::UnixStream};

        use super::{can_be_watched, watch};

        let (client, mut clients_end) = io::pipe().unwrap();
        let client = file(client);
        assert!(can_be_watched(&client));
        let mut same = client.try_clone().unwrap();
        let watcher = thread::spawn(move || watch(&client));
        clients_end.write_all(b"unread").unwrap();
        assert!(!watcher.is_finished());
        drop(clients_end);
        watcher.join().unwrap();
        let mut left = String::new();
        same.read_to_string(&mut left).unwrap();
        assert_eq!(left, "unread");

        let (client, clients_end) = UnixStream::pair().unwrap();
        let client = file(client);
        assert!(can_be_watched(&client));
        let watcher = thread::spawn(move || watch(&client));
        clients_end.shutdown(Shutdown::Write).unwrap();
        watcher.join().unwrap();

        let (client, clients_end) = UnixStream::pair().unwrap();
        let watcher = thread::spawn(move || watch(&file(client)));
        drop(clients_end);
        watcher.join().unwrap();
    }

    #[test]
    fn what_is_no_pipe_is_read() {
        assert!(!super::can_be_watched(&tempfile::tempfile().unwrap()));
        #[cfg(unix)]
        assert!(!super::can_be_watched(&File::open("/dev/null").unwrap()));
    }
}
