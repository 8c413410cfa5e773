"""What asv measures of each commit. Names say how: time_* is seconds, track_* a number."""
