//! Which claims of a company's token say what: its own names for id, name, role and the rest.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Characters of a text that is taken over.
const TEXT_CHARS: usize = 1_000;
/// Bytes of a person's id: it becomes part of a key in the table (1 KB at most), and is never shortened, since two ids
/// with the same beginning are two people. OpenID Connect (Core §2) has 255.
const ID_BYTES: usize = 512;
/// Bytes of an address, of a picture, by e-mail or by telephone: half of one is none.
const ADDRESS_BYTES: usize = 2_048;
/// Values that an array attribute may have: order references, not an order history.
const ARRAY_VALUES: usize = 50;

/// Deskwire's roles.
pub(crate) const ROLES: [&str; 3] = ["agent", "supervisor", "admin"];

/// Where to find what. A path is the name of a claim (`https://shop.example/name`), names with dots between
/// (`user.profile.name`), or a JSON pointer (`/user/profile.name`, RFC 6901).
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
        let address = |path: &str| {
            let text = find(claims, path).and_then(as_word)?;
            (!text.is_empty() && text.len() <= ADDRESS_BYTES).then_some(text)
        };
        let attribute = |(name, path): (&String, &String)| Some((name.clone(), small(find(claims, path)?)?));
        let is_web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        Some(ExternalIdentity {
            id: find(claims, &self.id).and_then(as_id)?,
            name: find(claims, &self.name).and_then(as_word).map(|name| shortened(&name)),
            avatar: address(&self.avatar).filter(is_web),
            email: address(&self.email),
            phone: address(&self.phone),
            roles: self.take_roles(claims),
            teams: find(claims, &self.department).map(|value| renamed(value, &self.departments)).unwrap_or_default(),
            attributes: self.attributes.iter().filter_map(attribute).collect(),
        })
    }

    /// Without a map the company uses our words; with one, only what it maps counts.
    fn take_roles(&self, claims: &Value) -> Vec<String> {
        let Some(value) = find(claims, &self.roles) else { return vec![] };
        if !self.role_names.is_empty() {
            return renamed(value, &self.role_names);
        }
        let same = ROLES.iter().map(|role| ((*role).to_owned(), (*role).to_owned())).collect();
        renamed(value, &same)
    }
}

fn find<'a>(claims: &'a Value, path: &str) -> Option<&'a Value> {
    if path.is_empty() {
        return None;
    }
    if path.starts_with('/') {
        return claims.pointer(path);
    }
    claims.get(path).or_else(|| path.split('.').try_fold(claims, |value, name| value.get(name)))
}

fn as_word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// An id: a text or a whole number. A number with a point has no one spelling.
fn as_id(value: &Value) -> Option<String> {
    let id = as_word(value).filter(|_| !value.is_f64())?;
    (!id.is_empty() && id.len() <= ID_BYTES && !id.chars().any(char::is_control)).then_some(id)
}

fn shortened(text: &str) -> String {
    text.chars().take(TEXT_CHARS).collect()
}

/// What a company's words are called here, each once; those that have no name here are left out. A text is one word
/// ("Customer Service"), or several with spaces or commas between (as `scope` has them, RFC 8693 §4.2).
fn renamed(value: &Value, names: &BTreeMap<String, String>) -> Vec<String> {
    let words: Vec<String> = match value {
        Value::Array(values) => values.iter().take(ARRAY_VALUES).filter_map(as_word).collect(),
        Value::String(text) if !names.contains_key(text) => {
            text.split([' ', ',', '，']).take(ARRAY_VALUES).map(str::to_owned).collect()
        }
        one => as_word(one).into_iter().collect(),
    };
    let mut found: Vec<String> = vec![];
    for name in words.iter().filter_map(|word| names.get(word)) {
        if !found.contains(name) {
            found.push(name.clone());
        }
    }
    found
}

/// A value that may be an attribute: a small scalar, or a short array of those.
fn small(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(_) | Value::Number(_) => Some(value.clone()),
        Value::String(text) => Some(shortened(text).into()),
        Value::Array(values) => {
            let scalars = values.iter().filter(|value| !value.is_array()).filter_map(small);
            Some(Value::Array(scalars.take(ARRAY_VALUES).collect()))
        }
        Value::Null | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mapping(json: Value) -> ClaimMapping {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn claims_become_an_identity_by_the_companys_names() {
        let mapping = mapping(json!({
            "id": "user.no", "name": "/https:~1~1shop.cn~1name", "roles": "groups",
            "role_names": {"客服主管": "supervisor"}, "department": "dept", "departments": {"售后": "tea_after"},
            "attributes": {"level": "user.level", "orders": "orders", "deep": "user", "vip": "https://shop.cn/vip"},
        }));
        let claims = json!({
            "user": {"no": 42, "level": "vip"}, "https://shop.cn/name": "王小明", "groups": ["客服主管", "其他"],
            "dept": "售后", "orders": ["A1", 7, true, {"x": 1}, ["y"], null], "picture": "javascript:alert(1)",
            "https://shop.cn/vip": true,
        });
        let identity = mapping.take(&claims).unwrap();
        assert_eq!((identity.id.as_str(), identity.name.as_deref()), ("42", Some("王小明")));
        assert_eq!((identity.roles, identity.teams), (vec!["supervisor".to_owned()], vec!["tea_after".to_owned()]));
        let attributes = json!({"level": "vip", "orders": ["A1", 7, true], "vip": true});
        assert_eq!(Value::Object(identity.attributes), attributes);
        assert_eq!(identity.avatar, None);
        assert!(mapping.take(&json!({"sub": "x"})).is_none());
    }

    #[test]
    fn an_id_is_whole_or_none() {
        let id = |value: Value| ClaimMapping::default().take(&json!({"sub": value})).map(|identity| identity.id);
        assert_eq!(id(json!("张三")).as_deref(), Some("张三"));
        assert_eq!(id(json!(7)).as_deref(), Some("7"));
        assert_eq!(id(json!("x".repeat(ID_BYTES))).map(|id| id.len()), Some(ID_BYTES));
        for none in [json!("x".repeat(ID_BYTES + 1)), json!(""), json!("a\nb"), json!("a\0"), json!(1.5), json!(true)] {
            assert_eq!(id(none.clone()), None, "{none}");
        }
    }

    #[test]
    fn roles_and_departments_are_words_of_ours_in_the_end() {
        let mut names = mapping(json!({
            "department": "dept", "departments": {"Customer Service": "t1", "售前": "t2", "售后": "t3", "7": "t7"},
        }));
        for (roles, ours) in [
            (json!("agent"), vec!["agent"]),
            (json!("admin agent owner"), vec!["admin", "agent"]),
            (json!(["admin", "admin", 5, null]), vec!["admin"]),
            (json!({"admin": true}), vec![]),
        ] {
            assert_eq!(names.take(&json!({"sub": "x", "roles": roles})).unwrap().roles, ours);
        }
        names.role_names = [("客服".to_owned(), "agent".to_owned())].into();
        assert!(names.take(&json!({"sub": "x", "roles": "admin"})).unwrap().roles.is_empty(), "only what is mapped");
        for (department, teams) in [
            (json!("Customer Service"), vec!["t1"]),
            (json!("售前，售后"), vec!["t2", "t3"]),
            (json!("售后 售后"), vec!["t3"]),
            (json!(7), vec!["t7"]),
            (json!("财务"), vec![]),
        ] {
            assert_eq!(names.take(&json!({"sub": "x", "dept": department})).unwrap().teams, teams);
        }
    }

    #[test]
    fn what_is_taken_over_is_bounded() {
        let mapping = mapping(json!({"attributes": {"a": "a", "list": "list"}}));
        let long = "长".repeat(2_000);
        let claims = json!({
            "sub": "x", "name": long, "email": long, "phone_number": "", "a": long, "list": vec!["x"; 200],
            "picture": format!("https://x.example/{long}"),
        });
        let identity = mapping.take(&claims).unwrap();
        assert_eq!(identity.name.unwrap().chars().count(), TEXT_CHARS);
        assert_eq!((identity.email, identity.avatar, identity.phone), (None, None, None), "half an address is none");
        assert_eq!(identity.attributes["a"].as_str().unwrap().chars().count(), TEXT_CHARS);
        assert_eq!(identity.attributes["list"].as_array().unwrap().len(), ARRAY_VALUES);
    }
}
