//! The one thread that owns the database. Requests that wait are done in one transaction, so that a hundred concurrent
//! sends cost one fsync; each in a savepoint of its own, so that a bad one harms no other. Nobody is answered before the
//! commit.

use std::{cell::RefCell, collections::BTreeSet, sync::Arc};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::{
    Clock, QueueConfig,
    fault::{Code, Fault},
    waiters::Waiters,
};

/// Requests in one transaction at most: bounds how long the first of them waits.
const BATCH: usize = 256;

/// What a request needs to be done.
pub(crate) struct Context<'a> {
    pub db: &'a Connection,
    pub config: &'a QueueConfig,
    /// Milliseconds since 1970, the same for all of a transaction.
    pub now: i64,
    touched: RefCell<BTreeSet<String>>,
}

impl Context<'_> {
    /// Notes that a queue may have messages to give out that it had not: who waits there is woken after the commit.
    pub(crate) fn touch(&self, queue: &str) {
        let mut touched = self.touched.borrow_mut();
        if !touched.contains(queue) {
            touched.insert(queue.to_owned());
        }
    }

    /// Does something wholly or not at all.
    pub(crate) fn savepoint<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        self.db.prepare_cached("SAVEPOINT one")?.execute([])?;
        let done = work();
        if done.is_err() {
            self.db.prepare_cached("ROLLBACK TO one")?.execute([])?;
        }
        self.db.prepare_cached("RELEASE one")?.execute([])?;
        done
    }
}

/// A request that waits for the thread.
trait Job: Send {
    /// Whether nobody waits for the answer any more. Such a request is left undone: messages given to nobody would be
    /// out of sight for their whole visibility timeout.
    fn is_abandoned(&self) -> bool;
    fn run(&mut self, cx: &Context<'_>);
    /// Answers, after the commit or its failure.
    fn settle(self: Box<Self>, failed: Option<&Fault>);
}

struct Pending<T, F> {
    work: Option<F>,
    done: Option<Result<T, Fault>>,
    answer: oneshot::Sender<Result<T, Fault>>,
}

impl<T: Send, F: FnOnce(&Context<'_>) -> Result<T, Fault> + Send> Job for Pending<T, F> {
    fn is_abandoned(&self) -> bool {
        self.answer.is_closed()
    }

    fn run(&mut self, cx: &Context<'_>) {
        if let Some(work) = self.work.take() {
            self.done = Some(cx.savepoint(|| work(cx)));
        }
    }

    fn settle(self: Box<Self>, failed: Option<&Fault>) {
        let answer = match (failed, self.done) {
            (None, Some(done)) => done,
            (failed, _) => Err(failed.cloned().unwrap_or_else(closed)),
        };
        // Whoever asked may have gone away; what was done is done.
        let _ = self.answer.send(answer);
    }
}

fn closed() -> Fault {
    Fault::new(Code::InternalFailure, "The queues are closed.")
}

/// The way to the thread. Cheap to clone; the thread ends with the last one.
#[derive(Clone)]
pub(crate) struct Writer(mpsc::UnboundedSender<Box<dyn Job>>);

impl Writer {
    pub(crate) fn start(thread: WriterThread) -> std::io::Result<Self> {
        let (jobs, inbox) = mpsc::unbounded_channel();
        std::thread::Builder::new().name("sqs".into()).spawn(move || thread.serve(inbox))?;
        Ok(Self(jobs))
    }

    /// Runs `work` in the thread, and answers once it is stored.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnOnce(&Context<'_>) -> Result<T, Fault> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        self.0.send(Box::new(Pending { work: Some(work), done: None, answer })).map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }
}

/// What the thread owns.
pub(crate) struct WriterThread {
    pub db: Connection,
    pub config: Arc<QueueConfig>,
    pub clock: Clock,
    pub waiters: Waiters,
}

impl WriterThread {
    fn serve(self, mut inbox: mpsc::UnboundedReceiver<Box<dyn Job>>) {
        let mut batch = Vec::with_capacity(BATCH);
        while inbox.blocking_recv_many(&mut batch, BATCH) > 0 {
            let cx = Context { db: &self.db, config: &self.config, now: (self.clock)(), touched: RefCell::default() };
            batch.retain(|job| !job.is_abandoned());
            let failed = transact(&cx, &mut batch).err();
            for job in batch.drain(..) {
                job.settle(failed.as_ref());
            }
            for queue in cx.touched.into_inner() {
                self.waiters.wake(&queue);
            }
        }
    }
}

fn transact(cx: &Context<'_>, batch: &mut [Box<dyn Job>]) -> Result<(), Fault> {
    let mut run = || -> rusqlite::Result<()> {
        cx.db.execute_batch("BEGIN IMMEDIATE")?;
        for job in batch.iter_mut() {
            job.run(cx);
            // A full disk makes SQLite roll all back on its own. The next request must not begin a transaction of its
            // own then; COMMIT fails, and with it every request of the batch.
            if cx.db.is_autocommit() {
                break;
            }
        }
        cx.db.execute_batch("COMMIT")
    };
    run().map_err(|error| {
        if !cx.db.is_autocommit() {
            let _ = cx.db.execute_batch("ROLLBACK");
        }
        Fault::from(error)
    })
}
