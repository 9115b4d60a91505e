# Where Rust lies in Binder's image. Not in ~/.cargo: there the home folder is the repository, and that its own .cargo.
export CARGO_HOME="$HOME/.local/share/cargo" RUSTUP_HOME="$HOME/.local/share/rustup"
export PATH="$CARGO_HOME/bin:$PATH"
