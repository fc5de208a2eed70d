//! `request_method`

use std::fmt;

use http::Method;

/// Which methods a view answers. `GET` includes `HEAD`, as in Pyramid.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MethodPredicate {
    negated: bool,
    /// Bits of [`STANDARD`].
    standard: u16,
    others: Vec<Method>,
}

const STANDARD: [Method; 9] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::DELETE,
    Method::OPTIONS,
    Method::PATCH,
    Method::TRACE,
    Method::CONNECT,
];

impl MethodPredicate {
    pub(super) fn new(names: &[&str], negated: bool) -> Result<Self, String> {
        let mut made = Self { negated, ..Self::default() };
        for name in names {
            let method = Method::from_bytes(name.as_bytes()).map_err(|_| format!("`{name}` is no method"))?;
            match bit(&method) {
                Some(bit) => made.standard |= bit,
                None => made.others.push(method.clone()),
            }
            if method == Method::GET {
                made.standard |= bit(&Method::HEAD).unwrap_or(0);
            }
        }
        Ok(made)
    }

    /// Whether a request with this method will do.
    pub fn admits(&self, method: &Method) -> bool {
        let listed = match bit(method) {
            Some(bit) => self.standard & bit != 0,
            None => self.others.contains(method),
        };
        listed != self.negated
    }

    /// Whether it names the methods that will not do.
    pub fn is_negated(&self) -> bool {
        self.negated
    }

    /// The methods that it admits, among those that exist.
    pub fn admitted(&self) -> impl Iterator<Item = Method> {
        let others = if self.negated { &[][..] } else { &self.others };
        STANDARD
            .into_iter()
            .filter(|method| *method != Method::CONNECT && *method != Method::TRACE && self.admits(method))
            .chain(others.iter().cloned())
    }
}

/// `GET,POST` as the commands print it: without the `HEAD` that follows from `GET`; `!GET` where negated.
impl fmt::Display for MethodPredicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let implied = self.standard & 1 != 0;
        let names = STANDARD.iter().filter(|method| {
            bit(method).is_some_and(|bit| self.standard & bit != 0) && !(implied && **method == Method::HEAD)
        });
        let sign = if self.negated { "!" } else { "" };
        let mut names: Vec<_> = names.chain(&self.others).map(|method| format!("{sign}{method}")).collect();
        names.sort();
        f.write_str(&names.join(","))
    }
}

/// Known methods compare by what they are, so this costs no look at their letters.
fn bit(method: &Method) -> Option<u16> {
    STANDARD.iter().position(|known| known == method).map(|place| 1 << place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn get_includes_head_and_so_does_its_negation() {
        let get = MethodPredicate::new(&["GET"], false).unwrap();
        assert!(get.admits(&Method::GET) && get.admits(&Method::HEAD) && !get.admits(&Method::POST));
        let not_get = MethodPredicate::new(&["GET"], true).unwrap();
        assert!(!not_get.admits(&Method::HEAD) && not_get.admits(&Method::POST));
        assert_eq!((get.to_string(), not_get.to_string()), ("GET".into(), "!GET".into()));
    }

    #[test]
    fn a_method_of_ones_own_is_as_good_as_a_known_one() {
        let purge = MethodPredicate::new(&["PURGE", "GET"], false).unwrap();
        assert!(purge.admits(&Method::from_bytes(b"PURGE").unwrap()));
        assert_eq!(purge.to_string(), "GET,PURGE");
    }
}
