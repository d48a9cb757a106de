//! `postback`: press a card's button. What it sends back is an entry, and so an event for the company's systems.

use deskwire_domain::{
    AuthorKind, Code, Event, Refusal, Who,
    content::{CardButton, Content, Known},
    machine::Command,
};
use deskwire_protocol::{Ack, client::Postback};
use deskwire_store::Direction;

use crate::{App, AppError, Caller, conversation::Cursor};

impl App {
    pub(crate) async fn postback(&self, caller: &Caller, postback: Postback) -> Result<Ack, AppError> {
        let (card, internal) = self.card(caller, &postback).await?;
        let button = pressed(&card, &postback.value)?;
        let command = Command::Postback {
            card: postback.card,
            label: button.label,
            value: postback.value,
            internal,
            client_id: postback.client_id,
        };
        let outcome = self.act(caller, &postback.conversation, Cursor::After(postback.after), command).await?;
        Ok(Self::ack(caller, "postback", &outcome))
    }

    /// The card that is pressed, and whether it is for agents only. What the caller may not see does not exist.
    async fn card(&self, caller: &Caller, postback: &Postback) -> Result<(Content, bool), AppError> {
        let unknown = || Refusal::with(Code::NotFound, "card: there is none at this seq");
        let before = postback.card.checked_sub(1).ok_or_else(unknown)?;
        let page = self.store.page(caller.account(), &postback.conversation, Direction::After(before), 1).await?;
        let entry = page.entries.into_iter().next().filter(|entry| entry.seq == postback.card).ok_or_else(unknown)?;
        self.as_owner(caller, &entry.state).await?;
        // What a visitor made up would come back as if the company had offered it.
        if entry.by.kind == AuthorKind::Visitor {
            return Err(unknown().into());
        }
        match entry.event {
            Event::Message { content, .. } => Ok((content, false)),
            Event::Note { content: Some(content), .. } if !matches!(caller.principal.who, Who::Visitor(_)) => {
                Ok((content, true))
            }
            _ => Err(unknown().into()),
        }
    }
}

/// The button of a card that sends this back.
fn pressed(card: &Content, value: &str) -> Result<CardButton, Refusal> {
    let Some(Known::Card(card)) = card.known()? else {
        return Err(Refusal::with(Code::NotFound, "card: what is at this seq is no card"));
    };
    let mut buttons = card.buttons.into_iter();
    let button = buttons.find(|button| button.postback.as_deref() == Some(value));
    button.ok_or_else(|| Refusal::with(Code::InvalidField, "value: the card has no such button"))
}
