//! Parts of an application that configure themselves.

use std::any::TypeId;
use std::panic::Location;

use super::Configurator;
use crate::app::origin::Origin;
use crate::error::Result;
use crate::registry::fault::Fault;

impl Configurator {
    /// Lets a function configure a part of the application. What it registers, the application may override.
    ///
    /// Naming a function of another crate here is also what keeps the linker from dropping that crate.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    ///
    /// mod shop {
    ///     use aiopyramid::prelude::*;
    ///
    ///     pub fn includeme(config: &mut Configurator) -> Result<()> {
    ///         config.add_route("cart", "/cart");
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let mut config = Configurator::new();
    /// config.include_at("/shop", shop::includeme)?;
    /// assert_eq!(config.make_app()?.application().routes()[0].pattern, "/shop/cart");
    /// # Ok::<(), aiopyramid::Error>(())
    /// ```
    ///
    /// # Errors
    /// The function's own.
    #[track_caller]
    pub fn include<F>(&mut self, part: F) -> Result<&mut Self>
    where
        F: FnOnce(&mut Configurator) -> Result<()> + 'static,
    {
        self.include_at("", part)
    }

    /// The same, with all its routes under `prefix`.
    ///
    /// Including one function twice with the same prefix does it once, as in Pyramid; with another prefix it is a fault,
    /// which Pyramid ignores in silence.
    ///
    /// # Errors
    /// The function's own.
    #[track_caller]
    pub fn include_at<F>(&mut self, prefix: &str, part: F) -> Result<&mut Self>
    where
        F: FnOnce(&mut Configurator) -> Result<()> + 'static,
    {
        let here = Origin::from(Location::caller());
        let function = TypeId::of::<F>();
        let prefix = joined(&self.prefix, prefix);
        if let Some((known, there)) = self.included.get(&function) {
            if *known != prefix {
                let message = format!(
                    "`{}` is included twice, under `{known}/` and under `{prefix}/`",
                    std::any::type_name::<F>()
                );
                self.faults.push(Fault::new(message, [*there, here]));
            }
            return Ok(self);
        }
        self.included.insert(function, (prefix.clone(), here));
        let inner = self.includes.inside(function);
        let outer =
            (std::mem::replace(&mut self.prefix, prefix), std::mem::replace(&mut self.includes, inner));
        let outcome = part(self);
        (self.prefix, self.includes) = outer;
        outcome.map(|()| self)
    }
}

/// `/a` and `b/` as `/a/b`; nothing as the empty text.
pub(in crate::registry) fn joined(prefix: &str, rest: &str) -> String {
    let rest = rest.trim_matches('/');
    let prefix = prefix.trim_end_matches('/');
    match (prefix.is_empty(), rest.is_empty()) {
        (_, true) => prefix.to_owned(),
        (_, false) => format!("{prefix}/{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn prefixes_are_joined_with_one_slash() {
        assert_eq!(joined("", "shop"), "/shop");
        assert_eq!(joined("/shop", "/cart/"), "/shop/cart");
        assert_eq!(joined("/shop", ""), "/shop");
        assert_eq!(joined("", "/"), "");
    }
}
