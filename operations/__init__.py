"""Commands for whoever operates the platform. Nothing imports them."""
