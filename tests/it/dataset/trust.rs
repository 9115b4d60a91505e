//! Servers whose certificates this machine does not trust; `golden/tls.sh` made the certificates.
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/tls").join(name)
}

/// A server that shows the test's certificate and has nothing; gives its port. Its thread ends with the tests.
fn serve() -> u16 {
    let certificate = CertificateDer::from_pem_file(golden("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(golden("server_key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let session = ServerConnection::new(config.clone()).unwrap();
            let mut stream = BufReader::new(StreamOwned::new(session, connection.unwrap()));
            let mut line = String::new();
            while stream.read_line(&mut line).is_ok_and(|length| length > 2) {
                line.clear();
            }
            let answer = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            // A client that does not trust the certificate has left.
            let _ = stream.get_mut().write_all(answer).and_then(|()| stream.get_mut().flush());
        }
    });
    port
}

/// The error of `softness fetch` from this host, with these certificates instead of the system's; it ends with this status.
fn fetched(host: &str, trusted: Option<&Path>, status: i32) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_softness"));
    command.current_dir(folder.path()).env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR");
    command.envs(trusted.map(|path| ("SSL_CERT_FILE", path)));
    command
        .args(["fetch", "cifar10", "--to", "there", "--from"])
        .arg(format!("https://{host}:{}/a.tar.gz", serve()));
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{text}");
    assert!(!text.contains("trying again") && !text.contains("resum"), "{text}");
    text
}

#[test]
fn a_server_that_this_machine_does_not_trust_is_told_with_what_to_do() {
    let text = fetched("127.0.0.1", None, 1);
    assert!(
        text.contains(
            "the certificate of 127.0.0.1 is not trusted by this machine; if your network inspects TLS, add its \
             certificate to those of the system, or name a file with it in SSL_CERT_FILE, or download the file with a \
             browser and give its path with `--from`"
        ),
        "{text}"
    );
}

#[test]
fn a_certificate_that_the_environment_names_is_trusted() {
    let text = fetched("127.0.0.1", Some(&golden("authority.pem")), 1);
    assert!(text.contains("the server answered 404"), "{text}");
    // It is for 127.0.0.1 alone.
    let text = fetched("localhost", Some(&golden("authority.pem")), 1);
    assert!(text.contains("the certificate of localhost cannot be used"), "{text}");
}

#[test]
fn a_file_without_certificates_is_named() {
    // As every option that can never work.
    let text = fetched("127.0.0.1", Some(Path::new("nowhere.pem")), 2);
    assert!(text.contains("SSL_CERT_FILE is nowhere.pem, but no certificate was found there"), "{text}");
}
