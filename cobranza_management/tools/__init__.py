"""Pure logic of collections: plain Python, no ORM, doctested and property-tested."""
