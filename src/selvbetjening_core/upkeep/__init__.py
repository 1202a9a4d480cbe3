"""What the application does for itself, regularly: nothing kept too long, nothing forgotten."""
