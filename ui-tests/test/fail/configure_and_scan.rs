use aiopyramid::testing::Client;

#[aiopyramid::test(configure = includeme, scan = "crate::views")]
async fn home_is_there(client: Client) {
    assert_eq!(client.get("/").await.status(), 200);
}

fn main() {}
