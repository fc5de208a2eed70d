#[aiopyramid::main]
struct Main;

fn main() {}
