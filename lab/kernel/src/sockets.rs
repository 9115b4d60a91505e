//! Jupyter's five sockets.
//!
//! Each socket belongs to one task. Messages from other threads go through channels, so they keep their order.

use jupyter_protocol::{
    CommInfoReply, ConnectionInfo, DebugReply, JupyterMessage, JupyterMessageContent, KernelInfoReply,
    LanguageInfo, ReplyStatus, ShutdownReply, ShutdownRequest, Status,
};
use jupyter_zmq_client::{
    RouterRecvConnection, RouterSendConnection, create_kernel_control_connection,
    create_kernel_heartbeat_connection, create_kernel_iopub_xpub_connection, create_kernel_shell_connection,
    create_kernel_stdin_connection,
};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Duration, Instant, timeout_at};

/// How many messages may wait. A cell that prints faster than Jupyter reads has to wait too.
const WAITING: usize = 1000;
/// How long the first answer waits for somebody who listens to outputs. Earlier outputs would be lost.
const LISTENER: Duration = Duration::from_secs(2);

/// How long the last messages may take to leave.
pub const LEAVE: Duration = Duration::from_millis(50);

/// The ends of the channels for the threads that do the work.
#[derive(Debug)]
pub struct Channels {
    /// Requests to the shell socket.
    pub requests: std::sync::mpsc::Receiver<JupyterMessage>,
    /// Replies through the shell socket.
    pub replies: Sender<JupyterMessage>,
    /// Outputs and the state of the kernel.
    pub iopub: Sender<JupyterMessage>,
    /// Requests to the control socket.
    pub control: std::sync::mpsc::Receiver<JupyterMessage>,
    /// Replies through the control socket.
    pub control_replies: Sender<JupyterMessage>,
}

/// Opens the sockets and starts their tasks.
pub async fn open(info: &ConnectionInfo) -> jupyter_zmq_client::Result<Channels> {
    let session = format!("softness-{}", std::process::id());
    let mut heartbeat = create_kernel_heartbeat_connection(info).await?;
    tokio::spawn(async move { while heartbeat.single_heartbeat().await.is_ok() {} });

    let mut publisher = create_kernel_iopub_xpub_connection(info, &session).await?;
    let (iopub, mut outputs) = channel::<JupyterMessage>(WAITING);
    let (heard, listener) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                message = outputs.recv() => match message {
                    Some(message) => drop(publisher.send(message).await),
                    None => return,
                },
                Ok(_) = publisher.recv_subscription() => drop(heard.send(true)),
            }
        }
    });

    let (writer, reader) = create_kernel_shell_connection(info, &session).await?.split();
    let (replies, queue) = channel(WAITING);
    tokio::spawn(send_all(queue, writer));
    let (forward, requests) = std::sync::mpsc::channel();
    let first = FirstAnswer { listener, until: Instant::now() + LISTENER };
    tokio::spawn(read_shell(reader, forward, iopub.clone(), replies.clone(), first));

    let (writer, reader) = create_kernel_control_connection(info, &session).await?.split();
    let (control_replies, queue) = channel(WAITING);
    tokio::spawn(send_all(queue, writer));
    let (forward, control) = std::sync::mpsc::channel();
    tokio::spawn(read_all(reader, forward));

    // Jupyter expects this socket. The kernel asks nothing, so what arrives here is no answer.
    let (_, mut reader) = create_kernel_stdin_connection(info, &session).await?.split();
    tokio::spawn(async move { while reader.read().await.is_ok() {} });

    Ok(Channels { requests, replies, iopub, control, control_replies })
}

async fn send_all(mut queue: Receiver<JupyterMessage>, mut socket: RouterSendConnection) {
    while let Some(message) = queue.recv().await {
        // A client that has left gets no reply.
        let _ = socket.send(message).await;
    }
}

async fn read_all(mut socket: RouterRecvConnection, forward: std::sync::mpsc::Sender<JupyterMessage>) {
    loop {
        match socket.read().await {
            Ok(message) => {
                if forward.send(message).is_err() {
                    return;
                }
            }
            Err(error) => {
                eprintln!("softness: a message could not be read: {error}");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
}

struct FirstAnswer {
    listener: tokio::sync::watch::Receiver<bool>,
    until: Instant,
}

/// Answers what the kernel is at once, and ends it at once, also while it loads or a cell runs. Everything else waits its turn.
async fn read_shell(
    mut socket: RouterRecvConnection,
    forward: std::sync::mpsc::Sender<JupyterMessage>,
    iopub: Sender<JupyterMessage>,
    replies: Sender<JupyterMessage>,
    mut first: FirstAnswer,
) {
    loop {
        let message = match socket.read().await {
            Ok(message) => message,
            Err(error) => {
                eprintln!("softness: a message could not be read: {error}");
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            }
        };
        // Clients ask these while the library is loading.
        let at_once: Option<JupyterMessageContent> = match &message.content {
            JupyterMessageContent::KernelInfoRequest(_) => {
                let _ = timeout_at(first.until, first.listener.wait_for(|heard| *heard)).await;
                Some(kernel_info().into())
            }
            JupyterMessageContent::CommInfoRequest(_) => Some(CommInfoReply::default().into()),
            // Jupyter's protocol has this on the control socket since version 5.4; older clients send it here.
            JupyterMessageContent::ShutdownRequest(request) => Some(shutdown(request).into()),
            _ => None,
        };
        let Some(reply) = at_once else {
            if forward.send(message).is_err() {
                return;
            }
            continue;
        };
        let _ = iopub.send(JupyterMessage::new(Status::busy(), Some(&message))).await;
        let _ = replies.send(JupyterMessage::new(reply, Some(&message))).await;
        let _ = iopub.send(JupyterMessage::new(Status::idle(), Some(&message))).await;
        if matches!(message.content, JupyterMessageContent::ShutdownRequest(_)) {
            tokio::time::sleep(LEAVE).await;
            std::process::exit(0);
        }
    }
}

/// The answer to a debugger, in its own protocol.
pub fn no_debugger(request: &serde_json::Value) -> DebugReply {
    DebugReply {
        content: serde_json::json!({
            "type": "response", "seq": 0, "request_seq": request["seq"], "command": request["command"],
            "success": false, "message": "this kernel has no debugger",
        }),
    }
}

/// The answer to a request to end, after which the program does.
pub fn shutdown(request: &ShutdownRequest) -> ShutdownReply {
    ShutdownReply { restart: request.restart, ..ShutdownReply::default() }
}

/// What this kernel is.
pub fn kernel_info() -> KernelInfoReply {
    KernelInfoReply {
        status: ReplyStatus::Ok,
        protocol_version: "5.3".to_owned(),
        implementation: env!("CARGO_PKG_NAME").to_owned(),
        implementation_version: env!("CARGO_PKG_VERSION").to_owned(),
        language_info: LanguageInfo {
            name: "rust".to_owned(),
            version: String::new(),
            mimetype: Some("text/rust".to_owned()),
            file_extension: Some(".rs".to_owned()),
            pygments_lexer: Some("rust".to_owned()),
            codemirror_mode: Some(jupyter_protocol::CodeMirrorMode::Simple("rust".to_owned())),
            nbconvert_exporter: None,
        },
        banner: "softness: Rust cells, evaluated by evcxr".to_owned(),
        help_links: Vec::new(),
        debugger: false,
        error: None,
    }
}
