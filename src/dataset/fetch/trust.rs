//! Which servers are trusted: those that this machine trusts, so that a network that inspects TLS can be used.

use rustls::CertificateError;
use ureq::tls::{Certificate, RootCerts};

use crate::error::{Error, Result};

/// The environment variables that name certificates instead of those of the system. OpenSSL, curl and Python read them too.
const NAMED: [&str; 2] = ["SSL_CERT_FILE", "SSL_CERT_DIR"];

/// The certificates of the system, or of `SSL_CERT_FILE` and `SSL_CERT_DIR`; Mozilla's list, which is part of the program, if the
/// system has none.
///
/// # Errors
/// [`ErrorKind::InvalidOption`](crate::ErrorKind::InvalidOption) if one of these variables is set and names no certificate.
pub(super) fn roots() -> Result<RootCerts> {
    let found = rustls_native_certs::load_native_certs();
    if !found.certs.is_empty() {
        let certificate = |der: &rustls::pki_types::CertificateDer| Certificate::from_der(der).to_owned();
        return Ok(found.certs.iter().map(certificate).into());
    }
    let named = NAMED.into_iter().find_map(|name| Some((name, std::env::var_os(name)?)));
    let Some((name, value)) = named else { return Ok(RootCerts::WebPki) };
    let reason = found.errors.first().map_or(String::new(), |error| format!(" ({error})"));
    let requirement = format!(
        "no certificate was found there{reason}: name a file of certificates in PEM form, or unset it"
    );
    Err(Error::option(name, value.display(), requirement))
}

/// Why the server at `host` is not trusted and what to do, if this is why there is no connection.
pub(super) fn refusal(error: &ureq::Error, host: &str) -> Option<String> {
    let rustls = match error {
        ureq::Error::Io(error) => error.get_ref()?.downcast_ref()?,
        ureq::Error::Rustls(error) => error,
        _ => return None,
    };
    let rustls::Error::InvalidCertificate(problem) = rustls else { return None };
    let instead = "or download the file with a browser and give its path with `--from`";
    Some(match problem {
        CertificateError::UnknownIssuer => format!(
            "the certificate of {host} is not trusted by this machine; if your network inspects TLS, add its certificate to \
             those of the system, or name a file with it in {}, {instead}",
            NAMED[0]
        ),
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => {
            format!(
                "the certificate of {host} is not valid at the time of this machine's clock ({problem}): check the clock, {instead}"
            )
        }
        problem => {
            format!("the certificate of {host} cannot be used ({problem}): check the address, {instead}")
        }
    })
}
