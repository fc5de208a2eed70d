//! The URL of a request.

use super::Request;
use crate::protocol::url;

/// The URL that the client asked for.
impl Request {
    /// Scheme and host, with the port where the client named one: `http://example.com:6543`. Pyramid's `request.host_url`.
    pub fn host_url(&self) -> String {
        format!("{}://{}", self.scheme(), self.host())
    }

    /// The URL below which the application's paths are: with the [script name](Self::script_name), without a final slash. Pyramid's
    /// `request.application_url`.
    pub fn application_url(&self) -> String {
        let mut url = self.host_url();
        url::push_path(&mut url, self.script_name());
        url
    }

    /// The whole URL as it was asked for, with the query string. Pyramid's `request.url`.
    pub fn url(&self) -> String {
        let target = self.0.uri.path_and_query().map_or("/", |target| target.as_str());
        self.application_url() + target
    }

    /// The whole URL without the query string. Pyramid's `request.path_url`.
    pub fn path_url(&self) -> String {
        self.application_url() + self.0.uri.path()
    }
}
