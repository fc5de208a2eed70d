//! Subscribers that are added by a call.

use super::Configurator;
use crate::app::event::IntoSubscriber;
use crate::registry::directive::What;

impl Configurator {
    /// Adds a subscriber: an `async fn` or a plain `fn`, which runs in the executor, with one parameter, a borrowed event.
    /// Subscribers of one event are told in the order in which they were added.
    ///
    /// ```
    /// use aiopyramid::event::NewRequest;
    /// use aiopyramid::prelude::*;
    ///
    /// async fn greet(event: &NewRequest) {
    ///     println!("somebody asks for {}", event.request.path());
    /// }
    ///
    /// fn refuse(event: &NewRequest) -> Result<()> {
    ///     match event.request.header("x-stranger") {
    ///         Some(_) => Err(HttpException::forbidden())?,
    ///         None => Ok(()),
    ///     }
    /// }
    ///
    /// let mut config = Configurator::new();
    /// config.add_subscriber(greet).add_subscriber(refuse);
    /// let app = config.make_app()?;
    /// # Ok::<(), aiopyramid::Error>(())
    /// ```
    #[track_caller]
    pub fn add_subscriber<M>(&mut self, subscriber: impl IntoSubscriber<M>) -> &mut Self {
        self.say(What::Subscriber(subscriber.into_subscriber()))
    }
}
