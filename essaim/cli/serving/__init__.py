"""What `essaim serve` is made of: supervised child processes and the watch over the embedded server."""
