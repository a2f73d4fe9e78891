"""What people, pipelines and other tools change in an account by hand, by what it is that they change."""
