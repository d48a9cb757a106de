//! A demo company: a shop with orders, customers and a little CRM, in memory and on a port of its own.
//!
//! It plays the other side: it joins Deskwire through the public API only, tells it what happens in the shop, answers
//! its queries and takes over what agents change. Stories of the tests use it in their own process; `company` is the same
//! as a program, for the demo.

mod business;
mod hooks;
mod join;
mod outbox;
mod page;
mod shop;
mod sign_on;
mod state;
mod storefront;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use axum::{Router, extract::DefaultBodyLimit, routing::post};
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};

pub use crate::{
    shop::CrmContact,
    state::{Received, SOURCE},
};
use crate::{
    shop::{News, Refused, Shop},
    sign_on::SignOn,
    state::{Fate, Shared},
};

/// Bytes of a request: more than any event of Deskwire's.
const BODY_BYTES: usize = 1024 * 1024;
/// For how long something is waited for: a loaded machine may take its time, a broken one should not take ours.
const DEADLINE: Duration = Duration::from_secs(20);
/// What a request that is still under way gets at the end.
const GRACE: Duration = Duration::from_secs(3);

/// What the company needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where Deskwire is: `http://127.0.0.1:8787`.
    pub deskwire: String,
    /// The company's account there: `acc_demo`.
    pub account: String,
    /// The secret with which the company's sign-on signs.
    pub sign_on_secret: String,
    /// Where the company itself listens; port 0 is any that is free.
    pub address: SocketAddr,
}

/// A company that runs.
pub struct Company {
    settings: Settings,
    shared: Arc<Shared>,
    client: reqwest::Client,
    server: JoinHandle<std::io::Result<()>>,
    outbox: JoinHandle<()>,
}

impl Company {
    /// Opens the shop. Deskwire need not be there yet: events wait until the company has joined.
    ///
    /// # Errors
    /// The address is taken.
    pub async fn start(settings: Settings) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(settings.address)
            .await
            .with_context(|| format!("The shop cannot listen on {}", settings.address))?;
        let mut address = listener.local_addr()?;
        if address.ip().is_unspecified() {
            // It listens everywhere, and Deskwire is on this machine.
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        let shared = Arc::new(Shared::new(format!("http://{address}"), address.port()));
        // Everything is on this machine: a proxy would only lead away from it.
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(15)).build()?;
        let sign_on = Arc::new(SignOn::new(settings.clone()));
        let router = Router::new()
            .route("/hooks/deskwire", post(hooks::receive))
            .merge(business::routes(&shared))
            .merge(page::routes(&shared))
            .layer(DefaultBodyLimit::max(BODY_BYTES))
            .with_state(Arc::clone(&shared))
            .merge(storefront::routes(&shared, &settings, &sign_on))
            .merge(sign_on::routes(Arc::clone(&sign_on)));
        let stopping = shared.stopping.clone().cancelled_owned();
        let server = tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(stopping).await });
        let outbox = tokio::spawn({
            let (shared, client) = (Arc::clone(&shared), client.clone());
            async move { outbox::run(&shared, &client).await }
        });
        Ok(Self { settings, shared, client, server, outbox })
    }

    /// Connects the company to Deskwire: its events, its webhook endpoint, its secrets and rules. What is there already
    /// is used again; while Deskwire is not up yet, it waits for up to a minute.
    ///
    /// # Errors
    /// Deskwire does not answer, or refuses something: what, and why.
    pub async fn join(&self) -> anyhow::Result<()> {
        join::join(&self.settings, &self.shared, &self.client).await
    }

    /// The company's own address.
    pub fn url(&self) -> String {
        self.shared.url.clone()
    }

    /// A customer, as the CRM knows them now.
    pub fn crm_contact(&self, customer: &str) -> Option<CrmContact> {
        self.shared.read(|company| company.shop.customer(customer).cloned())
    }

    /// All webhooks that came in, the oldest first: repeated, refused and forged ones too.
    pub fn received(&self) -> Vec<Received> {
        self.shared.read(|company| company.received.iter().cloned().collect())
    }

    /// Waits until something about the company holds.
    ///
    /// # Errors
    /// It does not hold after 20 seconds.
    pub async fn wait_for(&self, what: &str, holds: impl Fn(&Self) -> bool) -> anyhow::Result<()> {
        let mut changes = self.shared.changes();
        let wait = async {
            while !holds(self) {
                changes.changed().await?;
            }
            anyhow::Ok(())
        };
        match timeout(DEADLINE, wait).await {
            Ok(result) => result,
            Err(_) => bail!("The shop waited {} seconds in vain for {what}.", DEADLINE.as_secs()),
        }
    }

    /// Ships an order. As all that a human does here, it returns once Deskwire has the event of it, with the event's id.
    ///
    /// # Errors
    /// There is no such order, it has another state, or Deskwire does not take the event within 20 seconds (if it did
    /// not answer, the event stays in the outbox).
    pub async fn ship(&self, number: &str) -> anyhow::Result<String> {
        self.act(|shop| shop.ship(number)).await
    }

    /// Delivers an order that was shipped.
    ///
    /// # Errors
    /// As for [`Self::ship`].
    pub async fn deliver(&self, number: &str) -> anyhow::Result<String> {
        self.act(|shop| shop.deliver(number)).await
    }

    /// Asks for a refund of an order.
    ///
    /// # Errors
    /// As for [`Self::ship`].
    pub async fn refund_requested(&self, number: &str) -> anyhow::Result<String> {
        self.act(|shop| shop.ask_refund(number)).await
    }

    /// Tags a customer.
    ///
    /// # Errors
    /// As for [`Self::ship`].
    pub async fn tag(&self, customer: &str, tag: &str) -> anyhow::Result<String> {
        self.act(|shop| shop.retag(customer, &[tag.to_owned()], &[])).await
    }

    /// Takes a tag away from a customer.
    ///
    /// # Errors
    /// As for [`Self::ship`].
    pub async fn untag(&self, customer: &str, tag: &str) -> anyhow::Result<String> {
        self.act(|shop| shop.retag(customer, &[], &[tag.to_owned()])).await
    }

    /// Answers the next webhooks that Deskwire signed with 500.
    pub fn fail_next(&self, webhooks: u32) {
        self.shared.change(|company| company.failures = webhooks);
    }

    /// Puts the business API out of order (it answers 503), or back.
    pub fn set_down(&self, down: bool) {
        self.shared.change(|company| company.down = down);
    }

    /// How often an order was looked up with the right token, in vain or not.
    pub fn order_lookups(&self) -> u64 {
        self.shared.read(|company| company.order_lookups)
    }

    /// Closes the shop. What is under way finishes; events that Deskwire does not have yet are lost.
    pub async fn stop(mut self) {
        self.outbox.abort();
        self.shared.stopping.cancel();
        if timeout(GRACE, &mut self.server).await.is_err() {
            self.server.abort();
        }
    }

    async fn act(&self, press: impl FnOnce(&mut Shop) -> Result<News, Refused>) -> anyhow::Result<String> {
        let id = self.shared.act(press).map_err(|refused| anyhow::anyhow!(refused.words()))?;
        let fate = || self.shared.read(|company| company.fate(&id).cloned());
        self.wait_for(&format!("Deskwire to take event {id}"), |_| fate() != Some(Fate::Waiting)).await?;
        match fate() {
            Some(Fate::Refused(why)) => bail!("Deskwire refuses event {id}: {why}"),
            _ => Ok(id),
        }
    }
}
