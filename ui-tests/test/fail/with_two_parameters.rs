use aiopyramid::testing::Client;

#[aiopyramid::test]
async fn home_is_there(client: Client, other: Client) {
    drop((client, other));
}

fn main() {}
