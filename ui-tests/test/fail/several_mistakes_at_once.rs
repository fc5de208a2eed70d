use aiopyramid::testing::Client;

#[aiopyramid::test(confgure = includeme, scan = 1)]
fn home_is_there(client: Client, other: Client) {
    drop((client, other));
}

fn main() {}
