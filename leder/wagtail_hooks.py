"""What the plugin adds to Wagtail: registrations only."""
