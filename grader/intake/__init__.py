"""What strangers hand in, read as hostile: a folder or an archive in, a submission for each student out."""
