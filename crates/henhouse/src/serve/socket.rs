//! The socket in the data directory, through which its owner speaks.

use std::future::Future;

use anyhow::Result;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{DRAIN, Door, Faces, Home, Installation, is_drill, told_to_stop};

/// The socket of the directory's owner.
pub const SOCKET: &str = "admin.sock";
/// Serves the socket through which the owner of the data directory speaks.
///
/// # Errors
/// It cannot be made.
pub fn open(
    installation: &Installation,
    faces: Faces,
    stopped: watch::Receiver<bool>,
) -> Result<JoinHandle<()>> {
    use std::os::unix::fs::PermissionsExt as _;
    let path = installation.data.join(SOCKET);
    // A socket that a killed server left behind; the directory's lock says that nobody else serves.
    let _ = std::fs::remove_file(&path);
    let listener = tokio::net::UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    let router = faces(installation, stopped.clone(), Door::Local);
    let serving = axum::serve(listener, router).with_graceful_shutdown(told_to_stop(stopped));
    Ok(tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::error!(%error, "the owner's socket stopped");
        }
        let _ = std::fs::remove_file(path);
    }))
}

/// Holds a data directory that nobody serves for as long as it takes to speak to it over its socket.
///
/// # Errors
/// In use by another process, or keys that do not fit.
pub async fn hold_locally(
    home: &Home,
    base_url: &str,
    faces: Faces,
    until: impl Future<Output = ()> + Send + 'static,
) -> Result<JoinHandle<()>> {
    let installation =
        Installation::open(home.clone(), base_url, is_drill(home).await?, None).await?;
    let (stopping, stopped) = watch::channel(false);
    let socket = open(&installation, faces, stopped)?;
    Ok(tokio::spawn(async move {
        until.await;
        stopping.send_replace(true);
        let _ = tokio::time::timeout(DRAIN, socket).await;
    }))
}
