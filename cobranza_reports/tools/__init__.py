"""Pure formulas of receivables: plain Python, no ORM, doctested; the reports' SQL is tested against them."""
