//! Downloading a file over HTTP, resumed where the connection broke.

use std::fmt::Display;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use ureq::http::{StatusCode, Uri};
use ureq::tls::{RootCerts, TlsConfig};

use super::FetchOptions;
use super::archive::wrong;
use super::trust;
use crate::error::{Error, ErrorKind, Result};
use crate::stop::Stop;

/// Failures in a row after which it gives up. A failure after new bytes counts as the first one.
const ATTEMPTS: u32 = 3;
/// The pause after the first failure; it doubles with each one.
const PAUSE: Duration = Duration::from_millis(250);
/// The longest wait for a connection, an answer or the next bytes.
const PATIENCE: Duration = Duration::from_secs(30);

/// The progress of [`fetch`](super::fetch).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchProgress {
    /// Another call downloads to the same folder; this one waits for its end.
    Waiting,
    /// The file system of the folder has no locks, as the sentence says; the call goes on without.
    NoLocks(String),
    /// The data set is already there.
    AlreadyThere,
    /// The archive is being downloaded.
    Downloading {
        /// Bytes on disk, with those of earlier attempts.
        done: u64,
        /// Bytes of the archive.
        total: u64,
    },
    /// There was no connection, or it broke; the download is tried again.
    Resuming {
        /// Bytes on disk.
        done: u64,
        /// What went wrong.
        problem: String,
    },
    /// The archive is complete, and its checksum is being computed.
    Checking,
    /// The files are being unpacked.
    Unpacking,
}

/// Why one attempt failed.
enum Break {
    /// Trying again may help: there was no connection, or it broke.
    Broken(String),
    /// Trying again does not help.
    Failed(Error),
    /// The user has interrupted the cell of a notebook.
    Interrupted,
}

impl From<Error> for Break {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Downloads to `part`. Bytes that are in it are kept if the server can continue after them.
pub(super) fn download(
    options: &FetchOptions,
    part: &Path,
    observer: &mut dyn FnMut(FetchProgress),
) -> Result<()> {
    let file = File::options().create(true).read(true).write(true).truncate(false).open(part);
    let file = file.map_err(Error::io(part, "open it"))?;
    let mut download = Download {
        options,
        agent: agent(&options.from)?,
        part,
        file,
        observer,
        stop: Stop::from_environment(),
    };
    let mut furthest = download.length()?;
    let mut failures = 0;
    loop {
        match download.attempt() {
            Ok(()) => return Ok(()),
            Err(Break::Failed(error)) => {
                // An incomplete file stays only if a later call can resume it.
                drop(download);
                let _ = std::fs::remove_file(part);
                return Err(error);
            }
            Err(Break::Interrupted) => {
                let (done, all) = (download.length()?, options.bytes);
                let sentence = format!(
                    "the download was stopped; {done} of {all} bytes are kept, and the same call resumes there"
                );
                return Err(Error::new(ErrorKind::Interrupted, sentence));
            }
            Err(Break::Broken(problem)) => {
                let done = download.length()?;
                // Only bytes beyond all earlier ones count as progress: a server that always starts from the beginning
                // would otherwise be asked for ever.
                failures = if done > furthest { 1 } else { failures + 1 };
                furthest = furthest.max(done);
                if failures < ATTEMPTS {
                    std::thread::sleep(PAUSE * (1 << (failures - 1)));
                    (download.observer)(FetchProgress::Resuming { done, problem });
                    continue;
                }
                drop(download);
                let kept = if done == 0 {
                    let _ = std::fs::remove_file(part);
                    String::new()
                } else {
                    format!("; {done} of {} bytes are kept, and the same call resumes there", options.bytes)
                };
                let hint = "check the network, or give a mirror or a downloaded file with `--from`";
                return Err(failed(options, format!("{problem}{kept}; {hint}")));
            }
        }
    }
}

/// The client, with timeouts, the certificates that this machine trusts, and the proxy of the environment, which is not used
/// for this machine itself.
fn agent(url: &str) -> Result<ureq::Agent> {
    let uri = url.parse::<Uri>().ok();
    let is_secure = uri.as_ref().is_some_and(|uri| uri.scheme_str() == Some("https"));
    // An address without TLS may lead to one with it, but asks for no certificate itself.
    let roots = trust::roots().or_else(|error| if is_secure { Err(error) } else { Ok(RootCerts::WebPki) })?;
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .timeout_connect(Some(PATIENCE))
        .timeout_recv_response(Some(PATIENCE))
        .timeout_per_read(Some(PATIENCE));
    let host = uri.and_then(|uri| uri.host().map(str::to_ascii_lowercase));
    let here = matches!(host.as_deref(), Some("localhost" | "127.0.0.1" | "[::1]"));
    Ok(if here { config.proxy(None) } else { config }.build().new_agent())
}

/// A download in progress.
struct Download<'a> {
    options: &'a FetchOptions,
    agent: ureq::Agent,
    part: &'a Path,
    file: File,
    observer: &'a mut dyn FnMut(FetchProgress),
    stop: Stop,
}

impl Download<'_> {
    /// One request for the missing bytes.
    fn attempt(&mut self) -> std::result::Result<(), Break> {
        let options = self.options;
        let mut done = self.length()?;
        if done == options.bytes {
            return Ok(());
        }
        if done > options.bytes {
            done = self.restart()?;
        }
        let mut request = self.agent.get(&options.from);
        if done > 0 {
            request = request.header("Range", format!("bytes={done}-"));
        }
        let mut response = match request.call() {
            Ok(response) => response,
            Err(error @ (ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::TooManyRedirects)) => {
                return Err(failed(options, format!("the address cannot be used ({error})")).into());
            }
            Err(error) => {
                let uri = options.from.parse::<Uri>().ok();
                let host = uri.as_ref().and_then(Uri::host).unwrap_or(&options.from);
                return Err(match trust::refusal(&error, host) {
                    Some(problem) => failed(options, problem).into(),
                    None => Break::Broken(format!("no connection ({error})")),
                });
            }
        };
        match response.status() {
            StatusCode::OK => {
                if let Some(length) = response.body().content_length().filter(|&all| all != options.bytes) {
                    return Err(wrong_length(options, length).into());
                }
                done = self.restart()?;
            }
            StatusCode::PARTIAL_CONTENT if done > 0 => {
                let range = response.headers().get("content-range").and_then(|value| value.to_str().ok());
                if range != Some(&format!("bytes {done}-{}/{}", options.bytes - 1, options.bytes)) {
                    // Other bytes than those asked for, or of another file: the next attempt asks for everything.
                    self.restart()?;
                    let range = range.unwrap_or("no range");
                    let problem = format!("the server answered a request for the rest with {range}");
                    return Err(Break::Broken(problem));
                }
            }
            StatusCode::RANGE_NOT_SATISFIABLE if done > 0 => {
                self.restart()?;
                return Err(Break::Broken("the server does not have the rest of what is here".into()));
            }
            status if status.is_server_error() => {
                return Err(Break::Broken(format!("the server answered {status}")));
            }
            status => {
                let hint = "check the address, or give a mirror or a downloaded file with `--from`";
                return Err(failed(options, format!("the server answered {status}; {hint}")).into());
            }
        }
        self.receive(response.body_mut().as_reader(), done)
    }

    /// Appends the received bytes to the part. The inner error is a broken connection.
    fn receive(&mut self, mut body: impl Read, mut done: u64) -> std::result::Result<(), Break> {
        let total = self.options.bytes;
        let broken = |problem: String| Err(Break::Broken(problem));
        let mut buffer = vec![0; 1 << 16];
        self.file.seek(SeekFrom::Start(done)).map_err(Error::io(self.part, "go to its end"))?;
        (self.observer)(FetchProgress::Downloading { done, total });
        loop {
            if self.stop.is_asked() {
                return Err(Break::Interrupted);
            }
            let count = match body.read(&mut buffer) {
                Ok(0) if done == total => return Ok(()),
                Ok(0) => return broken(format!("the connection ended after {done} of {total} bytes")),
                Ok(count) => count,
                Err(e) => return broken(format!("the connection broke after {done} of {total} bytes ({e})")),
            };
            done += count as u64;
            if done > total {
                return Err(wrong_length(self.options, format!("over {total}")).into());
            }
            self.file.write_all(&buffer[..count]).map_err(Error::io(self.part, "write it"))?;
            (self.observer)(FetchProgress::Downloading { done, total });
        }
    }

    /// The length of the part.
    fn length(&self) -> Result<u64> {
        self.file.metadata().map(|data| data.len()).map_err(Error::io(self.part, "ask for its length"))
    }

    /// Empties the part.
    fn restart(&mut self) -> Result<u64> {
        self.file.set_len(0).map_err(Error::io(self.part, "empty it"))?;
        Ok(0)
    }
}

fn wrong_length(options: &FetchOptions, found: impl Display) -> Error {
    wrong(&options.from, "length in bytes", found, options.bytes)
}

fn failed(options: &FetchOptions, problem: String) -> Error {
    Error::new(ErrorKind::Download, format!("{}: {problem}", options.from))
}
