#[aiopyramid::test]
struct Home;

fn main() {}
