use aiopyramid::testing::Client;

#[aiopyramid::test]
fn home_is_there(client: Client) {
    drop(client);
}

fn main() {}
