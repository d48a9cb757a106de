//! The shop itself: customers with a little CRM, orders, and what people do with them. No clock, no I/O.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

/// Characters of a tag: as many as a chip on the page can show.
const TAG_CHARS: usize = 40;

/// A customer, as the shop's CRM knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CrmContact {
    /// The shop's own id: the `sub` of its sign-on, the `external_id` at Deskwire.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Their telephone number.
    pub phone: String,
    /// What the company says of them, in alphabetical order.
    pub tags: Vec<String>,
    /// The last version that Deskwire told of.
    pub version: Option<u64>,
}

/// Where an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Paid,
    Shipped,
    Delivered,
}

#[derive(Debug, Clone, Serialize)]
struct Item {
    name: &'static str,
    quantity: u32,
}

#[derive(Debug, Clone, Serialize)]
struct Tracking {
    carrier: &'static str,
    number: String,
    url: String,
}

/// An order, as the business API shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Order {
    number: &'static str,
    status: Status,
    // A text, as money always should be.
    total: &'static str,
    currency: &'static str,
    customer: &'static str,
    items: Vec<Item>,
    tracking: Option<Tracking>,
    #[serde(skip)]
    refund: bool,
}

/// Something that happened, to be told to Deskwire.
#[derive(Debug)]
pub(crate) struct News {
    pub kind: &'static str,
    pub subject: String,
    pub data: Value,
}

/// Why something cannot be done, in a sentence.
#[derive(Debug)]
pub(crate) enum Refused {
    Unknown(String),
    NotNow(String),
}

impl Refused {
    /// The sentence.
    pub(crate) fn words(self) -> String {
        let (Self::Unknown(words) | Self::NotNow(words)) = self;
        words
    }
}

#[derive(Debug)]
pub(crate) struct Shop {
    customers: BTreeMap<String, CrmContact>,
    orders: BTreeMap<String, Order>,
}

impl Shop {
    /// Four customers and six orders. Nobody has a tag yet, as nobody has at a new Deskwire.
    pub(crate) fn open() -> Self {
        let customers = [
            ("cust-1001", "Ada Byron", "ada@example.com", "+14155550101"),
            ("cust-1002", "李雷", "li.lei@example.com", "+8613800000002"),
            ("cust-1003", "韩梅梅", "han.meimei@example.com", "+8613800000003"),
            ("cust-1004", "Bo Larsen", "bo@example.com", "+4520000004"),
        ];
        let orders = [
            order("A1001", "cust-1001", Status::Paid, ("129.90", "EUR"), &[("Reading lamp", 1), ("Notebook", 3)]),
            order("A1002", "cust-1001", Status::Delivered, ("24.00", "EUR"), &[("Ink, midnight blue", 2)]),
            order("A1003", "cust-1002", Status::Paid, ("268.00", "CNY"), &[("龙井茶 250 g", 1), ("Tea cup 茶杯", 2)]),
            order("A1004", "cust-1002", Status::Shipped, ("99.00", "CNY"), &[("毛笔 Brush", 1)]),
            order("A1005", "cust-1003", Status::Delivered, ("458.00", "CNY"), &[("围巾 Wool scarf", 1)]),
            order("A1006", "cust-1004", Status::Paid, ("749.00", "DKK"), &[("Kettle", 1)]),
        ];
        let contact = |(id, name, email, phone): (&str, &str, &str, &str)| CrmContact {
            id: id.to_owned(),
            name: name.to_owned(),
            email: email.to_owned(),
            phone: phone.to_owned(),
            tags: vec![],
            version: None,
        };
        Self {
            customers: customers.map(contact).into_iter().map(|contact| (contact.id.clone(), contact)).collect(),
            orders: orders.into_iter().map(|order| (order.number.to_owned(), order)).collect(),
        }
    }

    pub(crate) fn customer(&self, id: &str) -> Option<&CrmContact> {
        self.customers.get(id)
    }

    pub(crate) fn order(&self, number: &str) -> Option<&Order> {
        self.orders.get(number)
    }

    /// An order of a customer's own.
    pub(crate) fn order_of(&self, customer: &str, number: &str) -> Option<&Order> {
        self.orders.get(number).filter(|order| order.customer == customer)
    }

    /// Everything, for the page.
    pub(crate) fn shown(&self) -> Value {
        let order = |order: &Order| {
            let mut shown = json!(order);
            shown["refund"] = order.refund.into();
            shown
        };
        json!({
            "orders": self.orders.values().map(order).collect::<Vec<_>>(),
            "customers": self.customers.values().collect::<Vec<_>>(),
        })
    }

    /// The customers who have a telephone number, however it is written.
    pub(crate) fn by_phone(&self, phone: &str) -> Vec<&CrmContact> {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let wanted = digits(phone);
        self.customers.values().filter(|customer| digits(&customer.phone) == wanted).collect()
    }

    /// How far a refund is; nothing if the order is not that customer's.
    pub(crate) fn refund(&self, customer: &str, number: &str) -> Option<Value> {
        let order = self.order_of(customer, number)?;
        let status = if order.refund { "requested" } else { "not_requested" };
        Some(json!({"number": number, "status": status, "total": order.total, "currency": order.currency}))
    }

    pub(crate) fn ship(&mut self, number: &str) -> Result<News, Refused> {
        self.advance(number, (Status::Paid, Status::Shipped), "shop.order.shipped")
    }

    pub(crate) fn deliver(&mut self, number: &str) -> Result<News, Refused> {
        self.advance(number, (Status::Shipped, Status::Delivered), "shop.order.delivered")
    }

    pub(crate) fn ask_refund(&mut self, number: &str) -> Result<News, Refused> {
        let order = self.known(number)?;
        if order.refund {
            return Err(Refused::NotNow(format!("A refund of order {number} has been asked for already.")));
        }
        order.refund = true;
        Ok(order.news("shop.refund.requested"))
    }

    /// Adds and removes tags of a customer.
    pub(crate) fn retag(&mut self, customer: &str, add: &[String], remove: &[String]) -> Result<News, Refused> {
        if add.iter().any(|tag| tag.trim().is_empty() || tag.chars().count() > TAG_CHARS) {
            return Err(Refused::NotNow(format!("A tag has 1 to {TAG_CHARS} characters.")));
        }
        let known = self.customers.get_mut(customer);
        let contact = known.ok_or_else(|| Refused::Unknown(format!("There is no customer {customer}.")))?;
        contact.tags.retain(|tag| !remove.contains(tag));
        contact.tags.extend(add.iter().map(|tag| tag.trim().to_owned()));
        contact.tidy();
        let data = json!({"customer": customer, "tags": contact.tags});
        Ok(News { kind: "crm.customer.tagged", subject: customer.to_owned(), data })
    }

    /// Takes over what Deskwire knows of a contact, unless something newer was seen. Answers whether it did.
    pub(crate) fn take_over(&mut self, contact: &Value) -> bool {
        let version = contact["version"].as_u64();
        let known = contact["external_id"].as_str().and_then(|id| self.customers.get_mut(id));
        let Some(known) = known.filter(|known| known.version.is_none() || version > known.version) else {
            return false;
        };
        known.version = version;
        if let Some(tags) = contact["tags"].as_array() {
            known.tags = tags.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            known.tidy();
        }
        if let Some(name) = contact["name"].as_str() {
            name.clone_into(&mut known.name);
        }
        true
    }

    fn known(&mut self, number: &str) -> Result<&mut Order, Refused> {
        self.orders.get_mut(number).ok_or_else(|| Refused::Unknown(format!("There is no order {number}.")))
    }

    fn advance(&mut self, number: &str, (from, to): (Status, Status), kind: &'static str) -> Result<News, Refused> {
        let order = self.known(number)?;
        if order.status != from {
            return Err(Refused::NotNow(format!("Order {number} is {}.", order.status.as_str())));
        }
        order.status = to;
        order.tracking.get_or_insert_with(|| tracking(number));
        Ok(order.news(kind))
    }
}

impl CrmContact {
    fn tidy(&mut self) {
        self.tags.sort();
        self.tags.dedup();
    }
}

impl Status {
    fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid, not shipped yet",
            Self::Shipped => "shipped already",
            Self::Delivered => "delivered already",
        }
    }
}

impl Order {
    fn news(&self, kind: &'static str) -> News {
        let Self { number, customer, status, total, items, .. } = self;
        let data = json!({"number": number, "customer": customer, "status": status, "total": total, "items": items});
        News { kind, subject: (*number).to_owned(), data }
    }
}

fn order(
    number: &'static str,
    customer: &'static str,
    status: Status,
    (total, currency): (&'static str, &'static str),
    items: &[(&'static str, u32)],
) -> Order {
    let items = items.iter().map(|&(name, quantity)| Item { name, quantity }).collect();
    let tracking = (status != Status::Paid).then(|| tracking(number));
    Order { number, status, total, currency, customer, items, tracking, refund: false }
}

fn tracking(order: &str) -> Tracking {
    let number = format!("SP{}", order.trim_start_matches('A'));
    Tracking { carrier: "Swift Parcel", url: format!("https://parcel.example/{number}"), number }
}
