//! Which claims of a company's token say what: its own names for id, name, role and the rest.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Characters of a text that is taken over.
const TEXT_CHARS: usize = 1_000;
/// Values that an array attribute may have: order references, not an order history.
const ARRAY_VALUES: usize = 50;

/// Where to find what. A path is claim names with dots (`user.profile.name`), or a JSON pointer (`/https:~1~1x/name`)
/// where a name itself has dots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimMapping {
    /// The company's id for the person.
    pub id: String,
    /// Name.
    pub name: String,
    /// Address of a picture.
    pub avatar: String,
    /// E-mail address.
    pub email: String,
    /// Telephone number.
    pub phone: String,
    /// One role or several.
    pub roles: String,
    /// The company's role → `agent`, `supervisor` or `admin`.
    pub role_names: BTreeMap<String, String>,
    /// One department or several.
    pub department: String,
    /// The company's department → team.
    pub departments: BTreeMap<String, String>,
    /// Attribute → where to find it: level, orders, …
    pub attributes: BTreeMap<String, String>,
}

impl Default for ClaimMapping {
    /// The names of OpenID Connect (Core §5.1).
    fn default() -> Self {
        Self {
            id: "sub".into(),
            name: "name".into(),
            avatar: "picture".into(),
            email: "email".into(),
            phone: "phone_number".into(),
            roles: "roles".into(),
            role_names: BTreeMap::new(),
            department: "department".into(),
            departments: BTreeMap::new(),
            attributes: BTreeMap::new(),
        }
    }
}

/// What a company's token says about somebody.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExternalIdentity {
    /// The company's id.
    pub id: String,
    /// Name.
    pub name: Option<String>,
    /// Address of a picture.
    pub avatar: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Deskwire's roles: `agent`, `supervisor`, `admin`.
    pub roles: Vec<String>,
    /// Teams.
    pub teams: Vec<String>,
    /// Everything else that is mapped.
    pub attributes: Map<String, Value>,
}

impl ClaimMapping {
    /// Takes over what the claims say; `None` where they do not say who it is.
    pub fn take(&self, claims: &Value) -> Option<ExternalIdentity> {
        let text = |path: &str| find(claims, path).and_then(as_text);
        let names = |path: &str| find(claims, path).map(as_texts).unwrap_or_default();
        let renamed = |values: Vec<String>, map: &BTreeMap<String, String>, keep: bool| {
            let one = |value: String| map.get(&value).cloned().or_else(|| keep.then_some(value));
            values.into_iter().filter_map(one).collect::<Vec<_>>()
        };
        let attribute = |(name, path): (&String, &String)| Some((name.clone(), small(find(claims, path)?)?));
        Some(ExternalIdentity {
            id: text(&self.id).filter(|id| !id.is_empty())?,
            name: text(&self.name),
            avatar: text(&self.avatar).filter(|url| url.starts_with("https://") || url.starts_with("http://")),
            email: text(&self.email),
            phone: text(&self.phone),
            // Without a map the company uses our words; with one, only what it maps counts.
            roles: renamed(names(&self.roles), &self.role_names, self.role_names.is_empty()),
            teams: renamed(names(&self.department), &self.departments, false),
            attributes: self.attributes.iter().filter_map(attribute).collect(),
        })
    }
}

fn find<'a>(claims: &'a Value, path: &str) -> Option<&'a Value> {
    if path.is_empty() {
        return None;
    }
    if path.starts_with('/') {
        return claims.pointer(path);
    }
    path.split('.').try_fold(claims, |value, name| value.get(name))
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.chars().take(TEXT_CHARS).collect()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn as_texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().take(ARRAY_VALUES).filter_map(as_text).collect(),
        Value::String(text) => text.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        _ => vec![],
    }
}

/// A value that may be an attribute: a small scalar, or a short array of those.
fn small(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(_) | Value::Number(_) => Some(value.clone()),
        Value::String(_) => as_text(value).map(Value::String),
        Value::Array(values) => {
            Some(Value::Array(values.iter().take(ARRAY_VALUES).filter(|v| !v.is_array()).filter_map(small).collect()))
        }
        Value::Null | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn claims_become_an_identity_by_the_companys_names() {
        let mapping: ClaimMapping = serde_json::from_value(json!({
            "id": "user.no", "name": "/https:~1~1shop.cn~1name", "roles": "groups",
            "role_names": {"客服主管": "supervisor"}, "department": "dept", "departments": {"售后": "tea_after"},
            "attributes": {"level": "user.level", "orders": "orders", "deep": "user"},
        }))
        .unwrap();
        let claims = json!({
            "user": {"no": 42, "level": "vip"}, "https://shop.cn/name": "王小明", "groups": ["客服主管", "其他"],
            "dept": "售后", "orders": ["A1", "A2", {"x": 1}], "picture": "javascript:alert(1)",
        });
        let identity = mapping.take(&claims).unwrap();
        assert_eq!((identity.id.as_str(), identity.name.as_deref()), ("42", Some("王小明")));
        assert_eq!((identity.roles, identity.teams), (vec!["supervisor".to_owned()], vec!["tea_after".to_owned()]));
        assert_eq!(Value::Object(identity.attributes), json!({"level": "vip", "orders": ["A1", "A2"]}));
        assert_eq!(identity.avatar, None);
        assert!(mapping.take(&json!({"sub": "x"})).is_none());
    }
}
