//! The priority with which a conversation begins: the contact's level, by the account's rules.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Highest priority.
pub const MAX_PRIORITY: u8 = 9;

/// A rule: contacts whose attribute has this value get this priority and need these skills.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityRule {
    /// The contact's attribute, such as `level`.
    pub attribute: String,
    /// The value that it must have.
    pub equals: Value,
    /// The priority, 0 to 9.
    pub priority: u8,
    /// Skills that the agent should have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
}

/// The highest priority, and all skills, of the rules that match `attributes`.
pub fn weigh(rules: &[PriorityRule], attributes: &Map<String, Value>) -> (u8, std::collections::BTreeSet<String>) {
    let matching = || rules.iter().filter(|rule| attributes.get(&rule.attribute) == Some(&rule.equals));
    let priority = matching().map(|rule| rule.priority.min(MAX_PRIORITY)).max().unwrap_or(0);
    (priority, matching().flat_map(|rule| rule.skills.iter().cloned()).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_highest_matching_rule_wins() {
        let rules: Vec<PriorityRule> = serde_json::from_value(json!([
            {"attribute": "level", "equals": "gold", "priority": 2},
            {"attribute": "level", "equals": "vip", "priority": 5},
            {"attribute": "language", "equals": "fr", "priority": 1, "skills": ["french"]},
        ]))
        .unwrap();
        let attributes = json!({"level": "vip", "language": "fr"});
        let (priority, skills) = weigh(&rules, attributes.as_object().unwrap());
        assert_eq!((priority, skills), (5, ["french".to_owned()].into()));
        assert_eq!(weigh(&rules, &Map::new()).0, 0);
    }
}
