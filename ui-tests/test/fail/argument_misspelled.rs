use aiopyramid::testing::Client;

#[aiopyramid::test(confgure = includeme)]
async fn home_is_there(client: Client) {
    assert_eq!(client.get("/").await.status(), 200);
}

fn main() {}
