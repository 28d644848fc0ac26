"""What keeping costs, beside other ways of keeping the same, and how fast any page of any day is back."""
