//! TLS: the name that was typed is the name that is checked, whatever address it resolved to.
#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod support;

use std::sync::Arc;

use deskwire_outbound::{GuardedClient, OutboundError, Policy};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use support::{LIMITS, Turncoat, ok};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer},
};

/// A server with a certificate for `shop.example`, and the root of it; it tells the SNI and head of each request.
async fn secure_server() -> (u16, String, mpsc::UnboundedReceiver<(Option<String>, String)>) {
    secure_server_of(&[]).await
}

/// The same, where the other side must agree to one of these protocols.
async fn secure_server_of(protocols: &[&str]) -> (u16, String, mpsc::UnboundedReceiver<(Option<String>, String)>) {
    let mut authority = CertificateParams::new(vec![]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["shop.example".into()]).unwrap().signed_by(&key, &issuer).unwrap();
    let private = PrivatePkcs8KeyDer::from(key.serialize_der());
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private.into())
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let (acceptor, listener) = (TlsAcceptor::from(Arc::new(config)), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let (port, (seen, heads)) = (listener.local_addr().unwrap().port(), mpsc::unbounded_channel());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let Ok(mut socket) = acceptor.accept(socket).await else { continue };
            let name = socket.get_ref().1.server_name().map(str::to_owned);
            let mut head = [0; 4096];
            let read = socket.read(&mut head).await.unwrap_or(0);
            let _ = seen.send((name, String::from_utf8_lossy(&head[..read]).into_owned()));
            let _ = socket.write_all(ok("secure").as_bytes()).await;
            let _ = socket.shutdown().await;
        }
    });
    (port, issuer.pem(), heads)
}

fn client(root: Option<String>) -> GuardedClient {
    let resolver = Arc::new(Turncoat::new(&[&["127.0.0.1"]]));
    let policy =
        Policy { https_only: true, extra_roots_pem: root, resolver, ..Policy::allowing("127.0.0.1/32").unwrap() };
    GuardedClient::new(policy).unwrap()
}

#[tokio::test]
async fn the_typed_name_stays_the_name_for_host_sni_and_certificate() {
    let (port, root, mut seen) = secure_server().await;
    let trusting = client(Some(root));
    let answer = trusting.get(&format!("https://shop.example:{port}/"), LIMITS).await.unwrap();
    assert_eq!(&answer.body[..], b"secure");
    let (name, head) = seen.recv().await.unwrap();
    assert_eq!(name.as_deref(), Some("shop.example"));
    assert!(head.to_lowercase().contains(&format!("host: shop.example:{port}\r\n")), "{head}");

    for url in [format!("https://other.example:{port}/"), format!("https://127.0.0.1:{port}/")] {
        assert_eq!(trusting.get(&url, LIMITS).await.unwrap_err(), OutboundError::TlsFailed, "{url}");
    }
    let strict = client(None);
    let error = strict.get(&format!("https://shop.example:{port}/"), LIMITS).await.unwrap_err();
    assert_eq!(error, OutboundError::TlsFailed, "an authority that nobody trusts");
    assert!(seen.try_recv().is_err(), "nothing was sent before trust");
}

#[tokio::test]
async fn a_dialled_connection_has_the_same_trust_and_the_protocol_that_was_asked_for() {
    let (port, root, mut seen) = secure_server_of(&["h2"]).await;
    let (trusting, url) = (client(Some(root)), format!("https://shop.example:{port}"));
    let mut connection = trusting.dial(&url, b"h2", LIMITS.time).await.unwrap();
    connection.write_all(b"PRI").await.unwrap();
    assert_eq!(seen.recv().await.unwrap(), (Some("shop.example".into()), "PRI".into()));
    for other in [format!("https://other.example:{port}"), format!("https://127.0.0.1:{port}")] {
        assert_eq!(trusting.dial(&other, b"h2", LIMITS.time).await.err(), Some(OutboundError::TlsFailed), "{other}");
    }
    assert_eq!(client(None).dial(&url, b"h2", LIMITS.time).await.err(), Some(OutboundError::TlsFailed));
    assert_eq!(trusting.dial(&url, b"smtp", LIMITS.time).await.err(), Some(OutboundError::TlsFailed), "no common one");
    assert!(seen.try_recv().is_err(), "nothing was sent before trust");
    let (port, root, _) = secure_server().await;
    let silent = client(Some(root)).dial(&format!("https://shop.example:{port}"), b"h2", LIMITS.time).await;
    assert_eq!(silent.err(), Some(OutboundError::InvalidResponse), "it does not say that it speaks the protocol");
}
