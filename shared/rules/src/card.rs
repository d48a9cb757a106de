//! Cards whose words are templates.

use deskwire_domain::content::{CardButton, CardContent, CardField};
use serde_json::{Map, Value};

use crate::{
    file::{ButtonText, CardText, FieldText},
    render::{Fault, Templates},
};

/// A card to be filled in.
#[derive(Debug)]
pub struct CardTemplate(pub(crate) CardText);

impl CardTemplate {
    /// The card with its words. A row, button or picture whose value comes out empty is left out.
    pub(crate) fn fill(&self, templates: &Templates, known: &Map<String, Value>) -> Result<CardContent, Fault> {
        let text = |source: &str| templates.text(source, known);
        let optional = |source: &Option<crate::file::Text>| {
            let text = source.as_ref().map(|source| text(&source.value)).transpose()?;
            Ok::<_, Fault>(text.filter(|text| !text.trim().is_empty()))
        };
        let field = |field: &FieldText| {
            Ok::<_, Fault>(CardField { name: text(&field.name.value)?, value: text(&field.value.value)? })
        };
        let button = |button: &ButtonText| {
            let (url, postback) = (optional(&button.url)?, optional(&button.postback)?);
            Ok::<_, Fault>(CardButton { label: text(&button.label.value)?, url, postback })
        };
        let mut fields = self.0.fields.iter().map(field).collect::<Result<Vec<_>, _>>()?;
        fields.retain(|field| !field.value.trim().is_empty());
        let mut buttons = self.0.buttons.iter().map(button).collect::<Result<Vec<_>, _>>()?;
        buttons.retain(|button| button.url.is_some() || button.postback.is_some());
        Ok(CardContent {
            title: text(&self.0.title.value)?,
            text: optional(&self.0.text)?,
            picture: optional(&self.0.picture)?,
            fields,
            buttons,
        })
    }
}
