"""What words like 'the group', 'its' and 'both' mean: words that may refer, things named before, and which of them fits best."""
