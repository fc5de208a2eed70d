use aiopyramid::prelude::*;

#[route("/users/{user-id}")]
struct User {
    user_id: u64,
}

#[view_config(route = User)]
async fn user(user_id: u64, request: &Request) -> Result<String> {
    Ok(request.route_path(&User { user_id })?)
}

fn main() {}
