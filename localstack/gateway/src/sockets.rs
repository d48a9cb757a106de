//! The table of sockets, by which the management API finds them.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::{
    events::{Connection, now_millis},
    outbox::{Close, Outbox},
};

/// One socket, as those see it who post to it.
pub(crate) struct Socket {
    pub connection: Connection,
    pub outbox: Outbox,
    last_active: AtomicI64,
}

impl Socket {
    /// Notes that a frame came or went.
    pub(crate) fn touch(&self) {
        self.last_active.store(now_millis(), Ordering::Relaxed);
    }
}

#[derive(Default)]
struct Table {
    open: HashMap<Box<str>, Arc<Socket>>,
    /// What every socket is told now, also those that open late: the gateway stops.
    farewell: Option<Bytes>,
}

/// Frames that passed.
#[derive(Default)]
pub(crate) struct FrameCounts {
    pub received: AtomicU64,
    pub sent: AtomicU64,
    pub posted: AtomicU64,
    pub cut_off: AtomicU64,
}

/// The sockets that are open. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Sockets {
    table: Arc<Mutex<Table>>,
    pub counts: Arc<FrameCounts>,
}

/// The close of a graceful stop: clients open a new socket somewhere else, or here a little later.
const RESTART: Close = Close { code: CloseCode::Restart, reason: "reconnect" };
/// The close that the management API asks for.
const DELETED: Close = Close { code: CloseCode::Normal, reason: "closed by the server" };

impl Sockets {
    fn with<T>(&self, work: impl FnOnce(&mut Table) -> T) -> T {
        work(&mut self.table.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn find(&self, id: &str) -> Option<Arc<Socket>> {
        self.with(|table| table.open.get(id).cloned())
    }

    /// Enters a socket. From now on frames can be posted to it; they wait until the handshake is done.
    pub(crate) fn enter(&self, connection: Connection) -> Arc<Socket> {
        let last_active = AtomicI64::new(connection.connected_at);
        let socket = Arc::new(Socket { connection, outbox: Outbox::default(), last_active });
        let farewell = self.with(|table| {
            table.open.insert(socket.connection.id.clone(), Arc::clone(&socket));
            table.farewell.clone()
        });
        if let Some(farewell) = farewell {
            part(&socket, &farewell);
        }
        socket
    }

    /// Takes a socket out: it is gone for whoever posts to it.
    pub(crate) fn leave(&self, id: &str) {
        self.with(|table| table.open.remove(id));
    }

    /// How many are open.
    pub(crate) fn count(&self) -> usize {
        self.with(|table| table.open.len())
    }

    /// Queues a frame for a socket; `false` where there is none. One whose client does not read is cut off: it resumes
    /// from the log.
    pub(crate) fn post(&self, id: &str, frame: Bytes) -> bool {
        self.counts.posted.fetch_add(1, Ordering::Relaxed);
        self.find(id).is_some_and(|socket| socket.outbox.push(frame))
    }

    /// Closes a socket; says whether there was one.
    pub(crate) fn close(&self, id: &str) -> bool {
        let socket = self.with(|table| table.open.remove(id));
        socket.is_some_and(|socket| {
            socket.outbox.close(DELETED);
            true
        })
    }

    /// Tells all clients to connect again, and closes their sockets; also those that are still opening.
    pub(crate) fn close_all(&self, farewell: &Bytes) {
        let sockets: Vec<_> = self.with(|table| {
            table.farewell = Some(farewell.clone());
            table.open.values().cloned().collect()
        });
        for socket in sockets {
            part(&socket, farewell);
        }
    }

    /// What the management API says of a socket.
    pub(crate) fn describe(&self, id: &str) -> Option<Value> {
        let time = |millis| jiff::Timestamp::from_millisecond(millis).map(|at| at.to_string()).unwrap_or_default();
        let socket = self.find(id)?;
        let Connection { connected_at, source_ip, user_agent, .. } = &socket.connection;
        Some(json!({
            "connectedAt": time(*connected_at),
            "lastActiveAt": time(socket.last_active.load(Ordering::Relaxed)),
            "identity": {"sourceIp": source_ip, "userAgent": user_agent},
        }))
    }
}

fn part(socket: &Socket, farewell: &Bytes) {
    socket.outbox.push(farewell.clone());
    socket.outbox.close(RESTART);
}
