//! The program that the browser runs; everything is in the library, so that tests can reach it.

fn main() {
    cqrs_lab::start();
}
