//! `require_csrf`: a view that only requests of this site's own pages reach; and one that shows such a page.

use crate::app::view::View;

/// The view behind the check.
pub(super) fn checked(view: View) -> View {
    View::new(move |request| {
        // Most requests change nothing, and are handed on as they are.
        if !request.needs_csrf_check() {
            return view.call(request);
        }
        let view = view.clone();
        Box::pin(async move {
            request.check_csrf().await?;
            view.call(request).await
        })
    })
}

/// The view after the session was looked for, so that its template, which waits for nothing, finds it.
pub(super) fn with_session(view: View) -> View {
    View::new(move |request| {
        let view = view.clone();
        Box::pin(async move {
            request.session().await?;
            view.call(request).await
        })
    })
}
