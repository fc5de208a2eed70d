//! All placeholders of the matched route.

use super::FromRequest;
use crate::app::request::Request;
use crate::error::Result;

/// The placeholders of the matched route with the text that each took, in the order of the pattern; Pyramid's
/// `request.matchdict`. Empty where no route matched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matchdict(Vec<(String, String)>);

impl Matchdict {
    /// The text that the placeholder `name` took.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every placeholder with its text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl FromRequest for Matchdict {
    async fn from_request(request: &Request) -> Result<Self> {
        let Some(matched) = request.matched() else { return Ok(Self::default()) };
        Ok(Self(
            matched.iter(request.path()).map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        ))
    }
}
