//! TLS: the certificate and its key, read once, when the server starts.

use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig as Rustls;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{ServerError, TlsConfig};

/// What every connection is encrypted by.
#[derive(Clone)]
pub(super) struct Tls(pub(super) TlsAcceptor);

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// [`ServerError::Tls`] where one of them cannot be read, holds something else, or is not of the other one.
    pub(super) fn load(config: &TlsConfig) -> Result<Self, ServerError> {
        let failed = |path: &std::path::Path, what: String| ServerError::Tls { path: path.to_owned(), what };
        let bad_chain = |error: &dyn std::fmt::Display| failed(&config.certificate, error.to_string());
        let chain = CertificateDer::pem_file_iter(&config.certificate)
            .map_err(|error| bad_chain(&error))?
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| bad_chain(&error))?;
        if chain.is_empty() {
            return Err(failed(&config.certificate, "there is no certificate in PEM in it".to_owned()));
        }
        let key = PrivateKeyDer::from_pem_file(&config.key)
            .map_err(|error| failed(&config.key, error.to_string()))?;
        let mut rustls = Rustls::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| failed(&config.key, error.to_string()))?;
        rustls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(rustls))))
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}
