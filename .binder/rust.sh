# Where Rust is in Binder's image. Not ~/.cargo, because the home folder is the repository, which has its own .cargo.
export CARGO_HOME="$HOME/.local/share/cargo" RUSTUP_HOME="$HOME/.local/share/rustup"
export PATH="$CARGO_HOME/bin:$PATH"
