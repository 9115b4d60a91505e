//! A web server on this machine that answers as it is told.
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What one request is answered with: the bytes as they go over the wire. Then the connection closes.
pub type Answer = Vec<u8>;

/// Answers each request with the next of its answers, and again with the last one.
pub struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn new(answers: Vec<Answer>) -> Self {
        Self::slow(answers, || ())
    }

    /// As [`Server::new`], but calls `wait` before each answer.
    pub fn slow(answers: Vec<Answer>, wait: impl Fn() + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (seen, ended) = (requests.clone(), stop.clone());
        let thread = std::thread::spawn(move || {
            for connection in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let mut connection = connection.unwrap();
                let request = head(&connection);
                let count = {
                    let mut seen = seen.lock().unwrap();
                    seen.push(request);
                    seen.len()
                };
                wait();
                // The client may have left.
                let _ = connection.write_all(&answers[count.min(answers.len()) - 1]);
            }
        });
        Self { address, requests, stop, thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}/cifar-10-binary.tar.gz", self.address)
    }

    /// The heads of all requests, in lower case.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A request up to the empty line.
fn head(connection: &TcpStream) -> String {
    let lines = BufReader::new(connection).lines().map_while(Result::ok);
    lines.take_while(|line| !line.is_empty()).map(|line| line.to_ascii_lowercase() + "\n").collect()
}

/// A status, further header lines, and a body.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Answer {
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

/// The whole body.
pub fn whole(body: &[u8]) -> Answer {
    cut(body, body.len())
}

/// The first `sent` bytes of what was announced as the whole body.
pub fn cut(body: &[u8], sent: usize) -> Answer {
    answer("200 OK", &format!("Content-Length: {}\r\n", body.len()), &body[..sent])
}

/// The body from byte `from` to before byte `to`, as the answer to a request for all that follows `from`.
pub fn part(body: &[u8], from: usize, to: usize) -> Answer {
    let (last, total) = (body.len() - 1, body.len());
    let headers =
        format!("Content-Range: bytes {from}-{last}/{total}\r\nContent-Length: {}\r\n", total - from);
    answer("206 Partial Content", &headers, &body[from..to])
}
