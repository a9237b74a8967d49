"""A referral until it is closed: asked, sent, answered, looked after, and how far families came."""
