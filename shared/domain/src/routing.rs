//! Which agent gets a waiting conversation. One small pure function, [`choose`]: replace it, or add a [`Rule`].

use std::{cmp::Reverse, collections::BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{AgentId, ConversationId, State, Time};

/// What a team's routing looks at, in the order in which the team lists them: the first that tells two agents apart
/// decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Only agents who have every skill that the conversation asks for.
    Skills,
    /// The agent who had this contact last, if there.
    Sticky,
    /// The agent with the smallest part of the capacity in use.
    LeastLoaded,
    /// The agent who has waited longest for a conversation.
    RoundRobin,
}

/// How a team routes unless it says otherwise.
pub const DEFAULT_RULES: [Rule; 4] = [Rule::Skills, Rule::Sticky, Rule::LeastLoaded, Rule::RoundRobin];

/// A conversation that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Which.
    pub conversation: ConversationId,
    /// Higher first.
    pub priority: u8,
    /// Earlier first, within a priority.
    pub since: Time,
    /// Who had this contact last.
    pub last_agent: Option<AgentId>,
    /// Who must not get it: its own agent, who wants to transfer it.
    pub not: Option<AgentId>,
    /// What its agent must know.
    pub skills: BTreeSet<String>,
}

impl Waiting {
    /// The waiting conversation that a state tells of.
    pub fn of(conversation: ConversationId, state: &State) -> Self {
        Self {
            conversation,
            priority: state.priority,
            since: state.waiting_since,
            last_agent: state.assignee.clone(),
            not: state.occupies().cloned(),
            skills: state.skills.clone(),
        }
    }
}

/// An agent who may get one.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Who.
    pub agent: AgentId,
    /// Online by their own word, and connected.
    pub available: bool,
    /// Conversations they may have at once.
    pub capacity: u32,
    /// Conversations they have.
    pub load: u32,
    /// When routing last gave them one.
    pub last_assigned: Option<Time>,
    /// What they know.
    pub skills: BTreeSet<String>,
}

impl Candidate {
    /// Whether there is room for one more.
    pub fn has_room(&self) -> bool {
        self.available && self.load < self.capacity
    }
}

/// Puts a queue in the order in which it is served: priority, then who has waited longest, then id.
pub fn order(queue: &mut [Waiting]) {
    queue.sort_by(|a, b| {
        (Reverse(a.priority), a.since, &a.conversation).cmp(&(Reverse(b.priority), b.since, &b.conversation))
    });
}

/// The agent who gets `waiting`, or nobody where none has room.
pub fn choose<'a>(rules: &[Rule], waiting: &Waiting, candidates: &'a [Candidate]) -> Option<&'a Candidate> {
    candidates
        .iter()
        .filter(|candidate| candidate.has_room() && Some(&candidate.agent) != waiting.not.as_ref())
        .filter(|candidate| !rules.contains(&Rule::Skills) || waiting.skills.is_subset(&candidate.skills))
        .min_by_key(|candidate| {
            let ranks: Vec<_> = rules.iter().map(|rule| rank(*rule, waiting, candidate)).collect();
            (ranks, candidate.agent.clone())
        })
}

/// How `rule` ranks a candidate: the smallest is best.
fn rank(rule: Rule, waiting: &Waiting, candidate: &Candidate) -> i64 {
    match rule {
        Rule::Skills => 0,
        Rule::Sticky => i64::from(waiting.last_agent.as_ref() != Some(&candidate.agent)),
        Rule::LeastLoaded => i64::from(candidate.load) * 1_000_000 / i64::from(candidate.capacity.max(1)),
        Rule::RoundRobin => candidate.last_assigned.map_or(i64::MIN, |at| at.as_millisecond()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn time(second: i64) -> Time {
        Time::from_second(second).unwrap()
    }

    fn waiting(id: u32, priority: u8, since: i64) -> Waiting {
        Waiting {
            conversation: ConversationId::new(id),
            priority,
            since: time(since),
            last_agent: None,
            not: None,
            skills: BTreeSet::new(),
        }
    }

    fn candidate(id: u32, capacity: u32, load: u32) -> Candidate {
        Candidate {
            agent: AgentId::new(id),
            available: true,
            capacity,
            load,
            last_assigned: Some(time(i64::from(id))),
            skills: BTreeSet::new(),
        }
    }

    #[test]
    fn each_rule_decides_in_its_turn() {
        let agents = [candidate(1, 4, 2), candidate(2, 4, 1), candidate(3, 2, 0)];
        let chosen = |rules: &[Rule], waiting: &Waiting| choose(rules, waiting, &agents).unwrap().agent.to_string();
        let mut visitor = waiting(1, 0, 0);
        assert_eq!(chosen(&[Rule::LeastLoaded], &visitor), "agt_3");
        assert_eq!(chosen(&[Rule::RoundRobin], &visitor), "agt_1");
        visitor.last_agent = Some(AgentId::new(2));
        assert_eq!(chosen(&[Rule::Sticky, Rule::LeastLoaded], &visitor), "agt_2");
        visitor.skills = ["fr".to_owned()].into();
        assert!(choose(&DEFAULT_RULES, &visitor, &agents).is_none(), "nobody speaks French");
        assert_eq!(chosen(&[Rule::RoundRobin], &visitor), "agt_1", "a team without the rule ignores skills");
        visitor.not = Some(AgentId::new(1));
        assert_eq!(chosen(&[Rule::RoundRobin], &visitor), "agt_2");
    }

    proptest! {
        #[test]
        fn the_chosen_one_has_room_and_nobody_is_passed_over(
            agents in prop::collection::vec((0u32..6, 0u32..6, any::<bool>()), 0..6),
        ) {
            let candidates: Vec<_> = agents.iter().enumerate().map(|(i, (capacity, load, available))| Candidate {
                available: *available, ..candidate(u32::try_from(i).unwrap(), *capacity, *load)
            }).collect();
            match choose(&DEFAULT_RULES, &waiting(1, 0, 0), &candidates) {
                Some(chosen) => prop_assert!(chosen.has_room()),
                None => prop_assert!(candidates.iter().all(|c| !c.has_room())),
            }
        }

        #[test]
        fn a_queue_is_first_in_first_out_within_a_priority(
            rows in prop::collection::vec((0u8..3, 0i64..50), 0..40),
        ) {
            let mut queue: Vec<_> = rows.iter().enumerate()
                .map(|(i, (priority, since))| waiting(u32::try_from(i).unwrap(), *priority, *since)).collect();
            order(&mut queue);
            for pair in queue.windows(2) {
                prop_assert!(pair[0].priority >= pair[1].priority);
                prop_assert!(pair[0].priority > pair[1].priority || pair[0].since <= pair[1].since);
            }
        }
    }
}
