use std::time::Duration;

/// How long is waited for what.
///
/// An answer to a request has no limit: the client that asked decides how long it waits.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until a notification or a response is taken by the server.
    pub notice: Duration,
    /// Until an old server names the address that messages go to.
    pub endpoint: Duration,
    /// For what a server still sends on a stream whose request is answered.
    pub linger: Duration,
    /// Before a stream is opened again, where the server does not say how long.
    pub retry: Duration,
    /// The same, at least: whatever the server says.
    pub retry_min: Duration,
    /// The same, at most, after many attempts and whatever the server says.
    pub retry_max: Duration,
    /// For the server to take note that the session has ended.
    pub goodbye: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            notice: Duration::from_secs(30),
            endpoint: Duration::from_secs(30),
            linger: Duration::from_secs(1),
            retry: Duration::from_secs(1),
            retry_min: Duration::from_millis(100),
            retry_max: Duration::from_secs(60),
            goodbye: Duration::from_secs(2),
        }
    }
}
