"""`cost`: what a stack costs a month before anything uses it, NAT profiles side by side."""
