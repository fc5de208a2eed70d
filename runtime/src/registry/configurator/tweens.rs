//! Tweens that are added by a call.

use std::any::type_name;

use super::Configurator;
use crate::app::tween::{IntoNames, IntoTween};
use crate::registry::directive::{AddedTween, What};

impl Configurator {
    /// Adds a tween: an `async fn(Request, Next)`, a plain `fn(Request, BlockingNext)`, which runs in the executor, or a value
    /// with [`Tween`](crate::tween::Tween).
    ///
    /// Its name is its path until it is [given another](TweenDirective::name). Where it says neither what it stands
    /// [under](TweenDirective::under) nor what it stands [over](TweenDirective::over), it is put outside of all that are there.
    ///
    /// ```
    /// use aiopyramid::prelude::*;
    /// use aiopyramid::tween::{BlockingNext, EXCVIEW, Next, name_of};
    ///
    /// async fn stamped(request: Request, next: Next) -> Result<Response> {
    ///     next.run(request).await?.with_header("x-stamp", "seen")
    /// }
    ///
    /// fn counted(request: Request, next: BlockingNext) -> Result<Response> {
    ///     // Blocking code, here and below.
    ///     next.run(request)
    /// }
    ///
    /// let mut config = Configurator::new();
    /// config.add_tween(stamped).under(EXCVIEW);
    /// config.add_tween(counted).name("counted").over(name_of(&stamped));
    /// let app = config.make_app()?;
    /// let names: Vec<_> = app.application().tweens().iter().map(|tween| &*tween.name).collect();
    /// assert_eq!(names, [EXCVIEW, "counted", name_of(&stamped)]);
    /// # Ok::<(), aiopyramid::Error>(())
    /// ```
    #[track_caller]
    pub fn add_tween<M, T: IntoTween<M>>(&mut self, tween: T) -> TweenDirective<'_> {
        self.say(What::Tween(Box::new(AddedTween {
            name: type_name::<T>().to_owned(),
            kind: tween.into_tween(),
            pool: None,
            under: None,
            over: None,
        })));
        let Some(What::Tween(tween)) = self.directives.last_mut().map(|directive| &mut directive.what) else {
            unreachable!("it has just been added")
        };
        TweenDirective { tween }
    }
}

/// A tween that was just [added](Configurator::add_tween); what is said to it gives it its place.
pub struct TweenDirective<'a> {
    tween: &'a mut AddedTween,
}

impl TweenDirective<'_> {
    /// Its name, by which others and the setting `tweens` refer to it.
    pub fn name(&mut self, name: impl Into<String>) -> &mut Self {
        self.tween.name = name.into();
        self
    }

    /// It stands under this one, nearer to the application: the name of a tween, its last word where that says enough, or
    /// [`INGRESS`](crate::tween::INGRESS) or [`EXCVIEW`](crate::tween::EXCVIEW). Of a list, one at least must be there.
    pub fn under(&mut self, names: impl IntoNames) -> &mut Self {
        self.tween.under = Some(names.into_names());
        self
    }

    /// It stands over this one, nearer to the client: a name in the same way, or [`MAIN`](crate::tween::MAIN).
    pub fn over(&mut self, names: impl IntoNames) -> &mut Self {
        self.tween.over = Some(names.into_names());
        self
    }

    /// It runs in the pool of this name. Only for plain functions.
    pub fn executor(&mut self, pool: impl Into<String>) -> &mut Self {
        self.tween.pool = Some(pool.into());
        self
    }
}

impl std::fmt::Debug for TweenDirective<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("TweenDirective").field(&self.tween.name).finish()
    }
}
