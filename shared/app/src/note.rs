//! `note`: for agents only. A visitor sees a bare seq.

use std::collections::BTreeSet;

use deskwire_domain::{AgentId, Code, Event, Refusal, content::check_text, machine::Command};
use deskwire_protocol::{Ack, Entry, ServerFrame, client::Note};

use crate::{App, AppError, Caller, conversation::Cursor};

/// Agents that one note may call: more is a meeting.
const MENTIONS: usize = 10;

impl App {
    pub(crate) async fn note(&self, caller: &Caller, note: Note) -> Result<Ack, AppError> {
        let mut text = note.text;
        if let Some(content) = &note.content {
            content.check()?;
            self.check_file(caller.account(), content).await?;
            // Who cannot show it shows its words.
            if text.is_empty() {
                text = content.words().or_else(|| content.kind()).unwrap_or_default().to_owned();
            }
        }
        check_text(&text)?;
        let mentioned = self.mentioned(caller, &note.mentions).await?;
        let command = Command::Note {
            text: text.clone(),
            content: note.content,
            mentions: note.mentions,
            client_id: note.client_id,
        };
        let outcome = self.act(caller, &note.conversation, Cursor::After(note.after), command).await?;
        let written = outcome.new.iter().rev().find(|entry| matches!(entry.event, Event::Note { .. }));
        if let Some(entry) = written {
            self.mention(&mentioned, entry, &text).await;
        }
        Ok(Self::ack(caller, "note", &outcome))
    }

    /// The live connections of whoever is mentioned.
    async fn mentioned(&self, caller: &Caller, mentions: &BTreeSet<AgentId>) -> Result<Vec<String>, AppError> {
        if mentions.is_empty() {
            return Ok(vec![]);
        }
        if mentions.len() > MENTIONS {
            return Err(Refusal::with(Code::InvalidField, format!("mentions: at most {MENTIONS}")).into());
        }
        let asked: Vec<AgentId> = mentions.iter().cloned().collect();
        let found = self.store.agents(caller.account(), &asked).await?;
        let known = |agent: &AgentId| found.iter().any(|(record, _)| record.agent.id == *agent);
        match asked.iter().find(|agent| !known(agent)) {
            Some(agent) => Err(Refusal::with(Code::NotFound, format!("mentions: {agent}")).into()),
            None => Ok(found.iter().flat_map(|(_, desk)| desk.live(self.now()).cloned()).collect()),
        }
    }

    /// Whoever is mentioned is told on all their devices, whatever they watch. As any push, it may be lost: the note
    /// stays.
    async fn mention(&self, connections: &[String], entry: &Entry, text: &str) {
        let frame = ServerFrame::Mention {
            conversation: entry.conversation.clone(),
            seq: entry.seq,
            by: entry.by.clone(),
            text: text.to_owned(),
        };
        for connection in connections {
            self.push.post(connection, &frame).await;
        }
    }
}
